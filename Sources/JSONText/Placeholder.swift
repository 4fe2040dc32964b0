// JSON reading and writing.
