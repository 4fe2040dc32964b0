#!/bin/sh
# compare.sh EXPECTED FOUND: is what an example printed what it is expected to print?
#
# Words must agree exactly. Numbers must agree to four significant digits: they may differ by one
# unit of the fourth, because BLAS sums in another order on another processor. Two numbers below
# 1e-9 are both rounding noise and agree. Times are not compared: a number with a unit (1.2 ms),
# a column headed (s), seconds, NAME_s, GFLOP/s or gflops, GB/s, limit, speed-up, change or outliers, a JSON
# member of such a name, the power of T with which time grows. Nor is memory that the kernel measured, nor are error bars and the rounding of f32, which are made of noise: ± 1.2e-13,
# columns or members of such names, columns headed worst. The width of columns does not count. Exit status: 0 equal, 1 different, 2 usage.
if [ $# -ne 2 ]; then
  echo "usage: compare.sh EXPECTED FOUND" >&2
  exit 2
fi
for file in "$1" "$2"; do
  if [ ! -r "$file" ]; then
    echo "compare.sh: $file: cannot be read" >&2
    exit 2
  fi
done

# The locale decides what a character and what a decimal point is.
LC_ALL=C awk -v expectedName="$1" -v foundName="$2" '
# A line with its times and error bars masked and its blanks made single. A header that names times masks their
# columns in the lines of as many cells below it.
function normalized(line,    cells, count, separator, i, isHeader) {
  sub(/\r$/, "", line)
  line = withoutTimes(line)
  # Numbers are aligned on the right; blanks before the first are no cell.
  sub(/^ +/, "", line)
  separator = line ~ /^\|/ ? "\\|" : line ~ /  / ? "  +" : ","
  count = split(line, cells, separator)
  for (i = 1; i <= count; i++)
    if (cells[i] ~ /\((s|ms)\)|^ *seconds *$|[a-z]_s *$|^ *error[ _]bar *$|^ *(GFLOP\/s|gflops|limit \(%\)|speed-up|change \(%\)|outliers|worst.*|measured.*|KV \(GB\/s\)) *$/) {
      if (!isHeader) split("", isTime)
      isHeader = 1
      isTime[i] = 1
      timedCells = count
    }
  if (!isHeader && count == timedCells) {
    line = ""
    for (i = 1; i <= count; i++) line = line " " (i in isTime ? "TIME" : cells[i])
  } else if (!isHeader) timedCells = 0
  gsub(/[ \t]+/, " ", line)
  gsub(/---+/, "---", line)
  sub(/^ /, "", line)
  sub(/ $/, "", line)
  return line
}

# Masks numbers with a unit of time, error bars, and JSON members that are such.
function withoutTimes(line,    result) {
  while (match(line, /"([a-z_]*_s|seconds|gflops|error_bar)": *[-0-9.eE+]+|± [-0-9.eE+]+|time grows as T\^[-0-9.]+| by [0-9.]+e-[0-9]+|[0-9][0-9.]* (GFLOP\/s|s|ms|µs|ns)([^a-zA-Z0-9]|$)/)) {
    result = result substr(line, 1, RSTART - 1) "TIME "
    line = substr(line, RSTART + RLENGTH)
  }
  return result line
}

# Splits a line into words and numbers, alternating: token[1] is a word, token[2] a number, …
function tokens(line, token,    n, before, sign) {
  n = 0
  while (match(line, /[0-9]+(\.[0-9]+)?([eE][-+]?[0-9]+)?/)) {
    before = substr(line, 1, RSTART - 1)
    # A minus sign belongs to the number unless a word or another number ends there.
    sign = ""
    if (before ~ /(^|[^0-9A-Za-z])-$/) { sign = "-"; sub(/-$/, "", before) }
    token[++n] = before
    token[++n] = sign substr(line, RSTART, RLENGTH)
    line = substr(line, RSTART + RLENGTH)
  }
  token[++n] = line
  return n
}

function magnitude(x) { return x < 0 ? -x : x }

# Whether two numbers agree to four significant digits.
function agree(a, b,    larger, unit) {
  a += 0
  b += 0
  if (a == b) return 1
  larger = magnitude(a) > magnitude(b) ? magnitude(a) : magnitude(b)
  if (larger < 1e-9) return 1
  unit = 1
  while (unit * 10 <= larger) unit *= 10
  while (unit > larger) unit /= 10
  # The unit of the fourth digit, and a little for the decimal numbers being binary.
  return magnitude(a - b) <= unit / 1000 * 1.000001
}

# What differs first between two lines; empty when they agree.
function difference(expected, found,    a, b, i, n, m) {
  n = tokens(expected, a)
  m = tokens(found, b)
  for (i = 1; i <= n && i <= m; i++) {
    if (i % 2 == 1 ? a[i] != b[i] : !agree(a[i], b[i]))
      return "expected \"" a[i] "\", found \"" b[i] "\""
  }
  return n == m ? "" : "expected " (n - 1) / 2 " numbers, found " (m - 1) / 2
}

function complain(line, expected, found, reason) {
  printf "%s: line %d differs from %s: %s\n", foundName, line, expectedName, reason
  printf "  expected: %s\n  found:    %s\n", expected, found
  differences++
}

FILENAME == expectedName && FNR == NR { expected[FNR] = $0; expectedCount = FNR; next }
{ found[FNR] = $0; foundCount = FNR }

END {
  longest = expectedCount > foundCount ? expectedCount : foundCount
  # Each file has its own headers.
  timedCells = 0
  for (i = 1; i <= expectedCount; i++) left[i] = normalized(expected[i])
  timedCells = 0
  for (i = 1; i <= foundCount; i++) right[i] = normalized(found[i])
  for (i = 1; i <= longest; i++) {
    if (i > expectedCount) complain(i, "(nothing)", found[i], "one line too many")
    else if (i > foundCount) complain(i, expected[i], "(nothing)", "the line is missing")
    else if ((reason = difference(left[i], right[i])) != "")
      complain(i, expected[i], found[i], reason)
    if (differences >= 10) { print "  (further differences are not shown)"; break }
  }
  exit differences > 0
}
' "$1" "$2"
