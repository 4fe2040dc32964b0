print("linalg")
