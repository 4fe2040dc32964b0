# A matrix of m rows and n columns with given singular values, as CSV.
#
#   awk -v m=1000 -v n=100 -v values=120,90,60 -f planted.awk > tall.csv
#
# The singular vectors are cosines (DCT-II), so the values are exact up to the digits printed.
BEGIN {
  pi = atan2(0, -1)
  rank = split(values, s, ",")
  for (i = 0; i < m; i++) {
    for (k = 1; k <= rank; k++)
      left[k] = s[k] * 2 / sqrt(m * n) * cos(pi * (i + 0.5) * k / m)
    line = ""
    for (j = 0; j < n; j++) {
      x = 0
      for (k = 1; k <= rank; k++) x += left[k] * cos(pi * (j + 0.5) * k / n)
      line = line (j > 0 ? "," : "") sprintf("%.8g", x)
    }
    print line
  }
}
