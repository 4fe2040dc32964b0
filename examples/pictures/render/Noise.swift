// Vectors, and the noise that textures are made of.

typealias Vector = SIMD3<Double>

func dot(_ a: Vector, _ b: Vector) -> Double { a.x * b.x + a.y * b.y + a.z * b.z }
func normalized(_ a: Vector) -> Vector { a / dot(a, a).squareRoot() }
func clamp(_ x: Double) -> Double { min(max(x, 0), 1) }
func mix(_ a: Double, _ b: Double, _ t: Double) -> Double { a + (b - a) * t }
func mix(_ a: Vector, _ b: Vector, _ t: Double) -> Vector { a + (b - a) * t }
/// 0 below `low`, 1 above `high`, smooth between.
func step(_ low: Double, _ high: Double, _ x: Double) -> Double {
  let t = clamp((x - low) / (high - low))
  return t * t * (3 - 2 * t)
}

/// A number in 0..<1 that looks random but belongs to its grid point (the finaliser of MurmurHash3).
func hash(_ x: Int, _ y: Int, _ z: Int = 0) -> Double {
  var h = UInt64(bitPattern: Int64(x &* 73_856_093 ^ y &* 19_349_663 ^ z &* 83_492_791))
  h = (h ^ h >> 33) &* 0xFF51_AFD7_ED55_8CCD
  h = (h ^ h >> 33) &* 0xC4CE_B9FE_1A85_EC53
  return Double((h ^ h >> 33) >> 11) / 9_007_199_254_740_992
}

/// Random values at the grid points, smooth between them.
func noise(_ x: Double, _ y: Double, _ z: Int = 0) -> Double {
  let (i, j) = (Int(x.rounded(.down)), Int(y.rounded(.down)))
  let (u, v) = (step(0, 1, x - Double(i)), step(0, 1, y - Double(j)))
  return mix(
    mix(hash(i, j, z), hash(i + 1, j, z), u), mix(hash(i, j + 1, z), hash(i + 1, j + 1, z), u), v)
}

/// Noise of several scales, each half as wide and `gain` times as strong as the one before; in 0…1.
func clouds(_ x: Double, _ y: Double, octaves: Int, gain: Double = 0.5, _ z: Int = 0) -> Double {
  var (sum, total, strength, scale) = (0.0, 0.0, 1.0, 1.0)
  for octave in 0..<octaves {
    sum += strength * noise(x * scale, y * scale, z + 31 * octave)
    total += strength
    strength *= gain
    scale *= 2.03
  }
  return sum / total
}

/// Rows of bricks: how bright the brick is, and 1 in it, 0 in the mortar.
func bricks(_ x: Double, _ y: Double, mortar: Double) -> (tone: Double, inside: Double) {
  let row = y.rounded(.down)
  let shifted = x + (Int(row) & 1 == 0 ? 0 : 0.5)
  let column = shifted.rounded(.down)
  let (u, v) = (shifted - column, y - row)
  let edge = min(min(u, 1 - u) * 2, min(v, 1 - v))
  return (hash(Int(column), Int(row), 5), step(mortar * 0.5, mortar, edge))
}

/// Leaves strewn over a grid of cells, `share` of which have one: how bright the uppermost leaf at a
/// point is, or nil where there is none.
func leaf(_ x: Double, _ y: Double, share: Double, _ seed: Int) -> Double? {
  let (column, row) = (Int(x.rounded(.down)), Int(y.rounded(.down)))
  var (uppermost, tone): (Double, Double?) = (-1, nil)
  for j in (row - 1)...(row + 1) {
    for i in (column - 1)...(column + 1) where hash(i, j, seed) < share {
      let (dx, dy) = (
        x - Double(i) - hash(i, j, seed + 1), y - Double(j) - hash(i, j, seed + 2)
      )
      let slant = hash(i, j, seed + 3) * 2 - 1
      let (along, across) = (dx + slant * dy, dy - slant * dx)
      let height = hash(i, j, seed + 4)
      guard along * along + across * across * 2.5 < 0.62, height > uppermost else { continue }
      uppermost = height
      // The two halves of a leaf meet the light differently.
      tone = clamp(0.25 + 0.6 * height + (across > 0 ? 0.15 : -0.15) - 0.2 * along * along)
    }
  }
  return tone
}
