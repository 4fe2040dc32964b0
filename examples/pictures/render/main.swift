// Renders the two example pictures: `gray.npy`, a tower above wooded hills, and `color.npy`, spheres
// of brick, wood and glazed clay in a tiled yard. Both have edges, texture and smooth shading, so
// that their singular values fall as slowly as a photograph's.
//
// Only + − × ÷ and square roots are used, which IEEE 754 rounds alike everywhere: the files come out
// the same on every machine.
//
//   swiftc -O render/*.swift -o render-pictures && ./render-pictures FOLDER
import Glibc

let size = 512
/// Rays per pixel along each axis.
let oversampling = 3

/// Averages rays over the pixels of a picture and brings the light to 0…255 with a gamma of 2 and
/// the grain of a film.
func render(channels: Int, _ light: (Double, Double, Int) -> Vector) -> [UInt8] {
  var samples: [UInt8] = []
  for row in 0..<size {
    for column in 0..<size {
      var sum = Vector()
      for ray in 0..<oversampling * oversampling {
        let across = (Double(ray % oversampling) + 0.5) / Double(oversampling)
        let down = (Double(ray / oversampling) + 0.5) / Double(oversampling)
        let seed = (row * size + column) * oversampling * oversampling + ray
        sum += light(
          (Double(column) + across) / Double(size), (Double(row) + down) / Double(size), seed)
      }
      let mean = sum / Double(oversampling * oversampling)
      for channel in 0..<channels {
        let grain = hash(column, row, 70 + channel) + hash(row, column, 80 + channel) - 1
        let value = clamp(mean[channel]).squareRoot() * 255 + 3.5 * grain
        samples.append(UInt8(clamp(value / 255) * 255 + 0.5))
      }
    }
  }
  return samples
}

/// Writes bytes as a NumPy file, version 1.
func write(_ samples: [UInt8], shape: String, to path: String) {
  var header = "{'descr': '|u1', 'fortran_order': False, 'shape': (\(shape)), }"
  // Magic, version and length take ten bytes; the data begin at a multiple of 64.
  while (10 + header.utf8.count + 1) % 64 != 0 { header += " " }
  header += "\n"
  let length = header.utf8.count
  let bytes =
    [0x93] + Array("NUMPY".utf8) + [1, 0, UInt8(length & 255), UInt8(length >> 8)]
    + Array(header.utf8) + samples
  guard let file = fopen(path, "w"), fwrite(bytes, 1, bytes.count, file) == bytes.count,
    fclose(file) == 0
  else {
    perror(path)
    exit(1)
  }
}

let folder = CommandLine.arguments.count > 1 ? CommandLine.arguments[1] : "."
// The hills' light is what the eye sees already: squaring it undoes the gamma.
let gray = render(channels: 1) { u, v, _ in
  let light = hills(u, v)
  return Vector(repeating: light * light)
}
write(gray, shape: "\(size), \(size)", to: folder + "/gray.npy")
write(render(channels: 3, yard), shape: "\(size), \(size), 3", to: folder + "/color.npy")
