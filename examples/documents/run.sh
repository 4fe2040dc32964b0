#!/bin/sh
# run.sh check|update DOCUMENT…: are the sessions that the documentation shows true?
#
# A fenced block marked `console` is a session: lines that begin with `$ ` are commands, lines behind
# them that begin with `> ` continue them, all else is what they print on either stream. The sessions
# of one document run in order in one scratch folder, in which `examples` leads to the examples.
# `check` compares, `update` puts what was printed into the document.
set -u
mode=$1
shift
here=$(cd "$(dirname "$0")" && pwd) || exit 1
unset LINALG_MAX_MEMORY
folder=$(mktemp -d) || exit 1
trap 'rm -rf "$folder"' EXIT
# Sessions say `linalg`, whatever the file of the program is called.
case $LINALG in
  */*)
    mkdir "$folder/bin"
    ln -s "$(cd "$(dirname "$LINALG")" && pwd)/$(basename "$LINALG")" "$folder/bin/linalg"
    PATH=$folder/bin:$PATH
    ;;
esac
export PATH
failures=0

# Writes every session of a document as N.expected and N.sh into a folder.
extract() {
  awk -v folder="$2" '
    function flush() {
      if (command != "")
        print "cat <<\"END-OF-COMMAND\"\n" shown "\nEND-OF-COMMAND\n" command > (folder "/" count ".sh")
      command = ""
    }
    /^```console$/ { inside = 1; count++; next }
    /^```$/ { flush(); inside = 0; next }
    !inside { next }
    { print > (folder "/" count ".expected") }
    /^\$ / { flush(); command = substr($0, 3); shown = $0; next }
    /^> / && command != "" { command = command "\n" substr($0, 3); shown = shown "\n" $0; next }
    { flush() }' "$1"
}

for document in "$@"; do
  name=$(basename "$document" .md)
  sessions=$folder/$name.sessions
  scratch=$folder/$name.scratch
  mkdir -p "$sessions" "$scratch"
  ln -s "$here/.." "$scratch/examples"
  extract "$document" "$sessions"
  number=1
  while [ -e "$sessions/$number.sh" ]; do
    (cd "$scratch" && sh "$sessions/$number.sh" > "$sessions/$number" 2>&1)
    if [ "$mode" = check ]; then
      "$here/../compare.sh" "$sessions/$number.expected" "$sessions/$number" \
        > "$folder/report" || {
        failures=$((failures + 1))
        echo "$(basename "$document"): session $number is not what the program prints"
        sed 1s/:.*differs/": it differs"/ "$folder/report"
      }
    fi
    number=$((number + 1))
  done
  if [ "$mode" = update ]; then
    awk -v folder="$sessions" '
      /^```console$/ {
        print
        count++
        while ((getline line < (folder "/" count)) > 0) print line
        inside = 1
        next
      }
      /^```$/ { inside = 0 }
      !inside' "$document" > "$folder/document" && cat "$folder/document" > "$document"
  fi
done
[ $failures -eq 0 ]
