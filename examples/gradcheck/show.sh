#!/bin/sh
# show.sh COMMAND…: runs a check and prints what it says, without the columns that depend on the
# rounding of the processor's instructions: the error, its bar, and the worst place of what passes.
"$@" > out/found.txt 2> out/said.txt
status=$?
awk -F '  +' '
  NF == 10 { print $1 "  " $2 "  " $3 "  " $4 "  " $5 "  " $8 "  " $9 ($9 == "FAIL" ? "  " $10 : ""); next }
  { print }' out/found.txt
cat out/said.txt
echo "exit status $status"
