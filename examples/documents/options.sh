#!/bin/sh
# Does every subcommand have a page, and does the page name every option of its --help?
set -u
pages=../../docs
failures=0
commands=$("$LINALG" --help | awk '/^SUBCOMMANDS:/ { inside = 1; next } inside && /^  [a-z]/ { print $1 }')
[ -n "$commands" ] || { echo "linalg --help lists no subcommands"; exit 1; }
for command in $commands; do
  if [ ! -e "$pages/$command.md" ]; then
    echo "docs/$command.md is missing"
    failures=$((failures + 1))
    continue
  fi
  for option in $("$LINALG" "$command" --help |
    awk '/^  -/ { for (i = 1; i <= 2; i++) if ($i ~ /^--/) { sub(/,$/, "", $i); print $i } }'); do
    if ! grep -q -e "$option[^-a-z]" "$pages/$command.md"; then
      echo "docs/$command.md does not name $option"
      failures=$((failures + 1))
    fi
  done
done
[ $failures -eq 0 ]
