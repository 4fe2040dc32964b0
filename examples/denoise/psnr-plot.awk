# Draws the table of psnr-table.awk as SVG: PSNR against the noise added, and how far each rule lies
# from `fro`; a column of panels per scope, a line per rule.
#
#   awk -f psnr-plot.awk out/psnr.txt > out/psnr.svg
function floorTo(x, step,    n) {
  n = int(x / step)
  return (n * step > x ? n - 1 : n) * step
}

function text(x, y, anchor, extra, string) {
  printf "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\"%s>%s</text>\n", x, y, anchor, extra, string
}

function line(points, look) {
  printf "<polyline fill=\"none\" stroke-width=\"2\" %s points=\"%s\"/>\n", look, points
}

function xOf(x) { return left + x / level[columns] * width }
function yOf(y) { return top + (highest - y) / (highest - lowest) * height }

# What a panel shows of one cell: the PSNR, or what it lies above that of `fro`.
function value(row, i, isDifference) {
  return psnr[row, i] - (isDifference ? psnr[best[scope[row]], i] : 0)
}

# The rows of one scope, between multiples of `step` that are the same for all scopes.
function panel(name, isDifference, step,    row, i, x, y, points, lines) {
  lowest = 1e9
  highest = -1e9
  for (row = isDifference ? 2 : 1; row <= rows; row++)
    for (i = 1; i <= columns; i++) {
      y = value(row, i, isDifference)
      if (y < lowest) lowest = y
      if (y > highest) highest = y
    }
  lowest = floorTo(lowest, step)
  highest = -floorTo(-highest, step)
  lines = int((highest - lowest) / step + 0.5)
  for (i = 0; i <= lines; i++) {
    y = lowest + i * step
    printf "<path d=\"M%.1f %.1fh%.1f\" stroke=\"#dddddd\"/>\n", left, yOf(y), width
    if (name == panelName[1]) text(left - 8, yOf(y) + 4, "end", "", y)
  }
  for (x = 0; x <= level[columns]; x += 10) {
    printf "<path d=\"M%.1f %.1fv%.1f\" stroke=\"#dddddd\"/>\n", xOf(x), top, height
    text(xOf(x), top + height + 18, "middle", "", x)
  }
  for (row = isDifference ? 2 : 1; row <= rows; row++) {
    if (scope[row] != name && scope[row] != "-") continue
    points = ""
    for (i = 1; i <= columns; i++)
      points = points sprintf(" %.1f,%.1f", xOf(level[i]), yOf(value(row, i, isDifference)))
    line(substr(points, 2), look[rule[row]])
  }
}

BEGIN {
  # Colours that the colour-blind can tell apart (Okabe & Ito). hard and usvt agree for a square
  # matrix, so one is dashed over the other.
  look["noisy"] = "stroke=\"#888888\" stroke-dasharray=\"2 4\""
  look["hard"] = "stroke=\"#0072b2\""
  look["fro"] = "stroke=\"#000000\""
  look["op"] = "stroke=\"#d55e00\""
  look["nuc"] = "stroke=\"#009e73\""
  look["edge"] = "stroke=\"#cc79a7\""
  look["usvt"] = "stroke=\"#f0e442\" stroke-dasharray=\"5 5\""
  look["simple"] = "stroke=\"#8b4513\" stroke-dasharray=\"8 3\""
  panels = split("global blocks", panelName, " ")
  width = 350
}

NR == 1 {
  columns = NF - 2
  for (i = 1; i <= columns; i++) level[i] = $(i + 2) + 0
  next
}

{
  rule[++rows] = $1
  scope[rows] = $2
  if ($1 == "fro") best[$2] = rows
  for (i = 1; i <= columns; i++) psnr[rows, i] = $(i + 2)
}

END {
  legend = 60 + panels * (width + 40) - 20
  print "<?xml version=\"1.0\" encoding=\"UTF-8\"?>"
  printf "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"800\"", legend + 100
  print " font-family=\"sans-serif\" font-size=\"13\" fill=\"#222222\">"
  print "<rect width=\"100%\" height=\"100%\" fill=\"#ffffff\"/>"
  text(12, 64, "start", " font-size=\"15\"", "PSNR (dB)")
  text(12, 474, "start", " font-size=\"15\"", "PSNR above that of fro (dB)")
  for (p = 1; p <= panels; p++) {
    left = 60 + (p - 1) * (width + 40)
    text(left + width / 2, 30, "middle", " font-size=\"17\"", "scope " panelName[p])
    top = 80
    height = 340
    panel(panelName[p], 0, 2)
    top = 490
    height = 250
    panel(panelName[p], 1, 0.5)
    text(left + width / 2, top + height + 40, "middle", "", "σ of the added noise")
  }
  for (row = 1; row <= rows; row++) {
    if (scope[row] != "-" && scope[row] != panelName[1]) continue
    y = 90 + 24 * shown++
    line(sprintf("%.1f,%.1f %.1f,%.1f", legend, y, legend + 32, y), look[rule[row]])
    text(legend + 40, y + 4, "start", "", rule[row])
  }
  print "</svg>"
}
