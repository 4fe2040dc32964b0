#!/bin/sh
# Holds compare.sh against texts whose verdict is known.
set -u
folder=$(mktemp -d) || exit 1
trap 'rm -rf "$folder"' EXIT
failures=0

# verdict STATUS EXPECTED FOUND: the status that compare.sh must end with for the two texts.
verdict() {
  printf "$2" > "$folder/expected"
  printf "$3" > "$folder/found"
  ../compare.sh "$folder/expected" "$folder/found" > "$folder/report"
  status=$?
  if [ $status -ne "$1" ]; then
    echo "compare.sh ended with $status instead of $1:"
    echo "  expected: $2"
    echo "  found:    $3"
    failures=$((failures + 1))
  elif [ $status -eq 1 ] && ! grep -q 'expected' "$folder/report"; then
    echo "compare.sh gave no reason"
    failures=$((failures + 1))
  fi
}

# Equal, or as good as equal.
verdict 0 'rank  error\n   1  0.5\n' 'rank  error\n   1  0.5\n'
verdict 0 'x 0.1234\n' 'x 0.1235\n'
verdict 0 'x 123456\n' 'x 123501\n'
verdict 0 'x 1.5258e+10\n' 'x 1.5257e10\n'
verdict 0 'rank    error\n' 'rank  error\n'
verdict 0 'x 2.2e-16\n' 'x 0\n'
verdict 0 'rank  time (s)\n1  0.5\n' 'rank  time (s)\n1  77\n'
verdict 0 'rank,seconds\n1,0.5\n' 'rank,seconds\n1,77\n'
verdict 0 '{"median_s": 1e-3}\n' '{"median_s": 2e-3}\n'
verdict 0 'done in 1.5 ms\n' 'done in 2.25 s\n'
verdict 0 'n  time (s)  GFLOP/s\n1  0.5  3\n' 'n  time (s)  GFLOP/s\n1  0.7  88\n'
verdict 0 'step  n  time (s)\n   0  3  0.5\n' 'step  n  time (s)\n   0  3  77\n'
verdict 0 'n,seconds,gflops\n1,0.5,3\n' 'n,seconds,gflops\n1,0.7,88\n'
verdict 0 '{"gflops": 3.5}\n' '{"gflops": 88}\n'
verdict 0 'n  error bar  verdict\n1  2e-7  PASS\n' 'n  error bar  verdict\n1  3e-13  PASS\n'
verdict 0 'n,error_bar\n1,2e-7\n' 'n,error_bar\n1,3e-13\n'
verdict 0 '{"error_bar": 3.5e-8}\n' '{"error_bar": 1e-13}\n'
verdict 0 'differences say 0.4 ± 1.2e-13; look\n' 'differences say 0.4 ± 3.1e-12; look\n'
verdict 1 'differences say 0.4 ± 1.2e-13; look\n' 'differences say 0.5 ± 1.2e-13; look\n'
# Planted differences.
verdict 1 'x 0.1234\n' 'x 0.1236\n'
verdict 1 'x 0.5\n' 'x -0.5\n'
verdict 1 'rank 34\n' 'rank 35\n'
verdict 1 '10,250 B\n' '10,251 B\n'
verdict 1 'exact\n' 'randomized\n'
verdict 1 'a\nb\n' 'a\n'
verdict 1 'a\n' 'a\nb\n'
verdict 1 '' 'a\n'
verdict 1 'a\n' ''
verdict 1 'x 1 2\n' 'x 1\n'
verdict 1 'x 1e-5\n' 'x 1e-6\n'
verdict 1 'x 1.5\n' 'x nan\n'
verdict 1 'rank  time (s)  n\n1  0.5  3\n' 'rank  time (s)  n\n1  0.5  4\n'
verdict 1 'step  n  time (s)\n   0  3  0.5\n' 'step  n  time (s)\n   0  4  0.5\n'
verdict 1 'n  GFLOP/s  k\n1  0.5  3\n' 'n  GFLOP/s  k\n1  0.5  4\n'

[ $failures -eq 0 ]
