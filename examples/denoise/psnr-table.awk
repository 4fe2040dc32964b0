# One table of PSNRs from the CSV tables of several noise levels: a line per rule and scope, a
# column per level. The levels are in the names of the files.
#
#   awk -f psnr-table.awk out/sigma-5.csv out/sigma-10.csv …
BEGIN { FS = "," }

FNR == 1 {
  level = FILENAME
  sub(/^.*sigma-/, "", level)
  sub(/\.csv$/, "", level)
  levels[++columns] = level
  for (i = 1; i <= NF; i++) column[$i] = i
  next
}

{
  name[FNR] = sprintf("%-6s  %-6s", $column["rule"], $column["scope"])
  psnr[FNR, columns] = $column["psnr"]
  before[columns] = $column["psnr_before"]
  rows = FNR
}

END {
  line = sprintf("%-6s  %-6s", "rule", "scope")
  for (i = 1; i <= columns; i++) line = line sprintf("  %5s", levels[i])
  print line
  line = sprintf("%-6s  %-6s", "noisy", "-")
  for (i = 1; i <= columns; i++) line = line sprintf("  %5.2f", before[i])
  print line
  for (row = 2; row <= rows; row++) {
    line = name[row]
    for (i = 1; i <= columns; i++) line = line sprintf("  %5.2f", psnr[row, i])
    print line
  }
}
