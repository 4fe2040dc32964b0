# Writes a matrix of numbers between -1 and 1 as CSV, the same on every machine:
#   awk -v rows=2 -v columns=3 -v seed=1 -f numbers.awk
# with -v whole=9 of whole numbers from -9 to 9. (Lehmer's generator, 16807 and 2³¹ − 1; its products
# are exact in awk's numbers.)
BEGIN {
  state = 1000003 * seed % 2147483647
  for (i = 0; i < rows; i++) {
    line = ""
    for (j = 0; j < columns; j++) {
      state = 16807 * state % 2147483647
      u = state / 2147483647
      line = line (j ? "," : "") (whole ? int(u * (2 * whole + 1)) - whole : sprintf("%.4f", 2 * u - 1))
    }
    print line
  }
}
