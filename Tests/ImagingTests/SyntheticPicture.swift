import FileFormats

/// Pictures that a few lines in any language can make again, for numbers from other programs.
enum SyntheticPicture {
  /// `count` numbers below `top` from the generator s ← 1664525·s + 1013904223 mod 2³², high half.
  static func noise(_ count: Int, seed: UInt32, below top: Int) -> [Int] {
    var state = seed
    return (0..<count).map { _ in
      state = state &* 1_664_525 &+ 1_013_904_223
      return Int(state >> 16) % top
    }
  }

  /// A ramp with noise on it, and the same with more noise of up to `amplitude`, clipped.
  static func pair(
    width: Int, height: Int, channels: Int, peak: Int, seed: UInt32, amplitude: Int
  ) -> (Picture, Picture) {
    let count = width * height * channels
    let texture = noise(count, seed: seed, below: peak / 2 + 1)
    let disturbance = noise(count, seed: seed + 1, below: 2 * amplitude + 1)
    let first = (0..<count).map { index in
      let (row, column) = (index / channels / width, index / channels % width)
      let ramp = column * 7 + row * 13 + index % channels * 29
      return ramp * peak / 1024 % (peak + 1) / 2 + texture[index]
    }
    let second = zip(first, disturbance).map { min(max($0 + $1 - amplitude, 0), peak) }
    return (
      picture(width, height, channels, peak, first), picture(width, height, channels, peak, second)
    )
  }

  private static func picture(
    _ width: Int, _ height: Int, _ channels: Int, _ peak: Int, _ samples: [Int]
  ) -> Picture {
    Picture(
      width: width, height: height, layout: channels == 1 ? .gray : .rgb,
      bitDepth: peak == 255 ? 8 : 16, samples: samples.map { UInt16($0) })
  }

  /// The same colours with an alpha channel of noise.
  static func addingAlpha(to picture: Picture, seed: UInt32) -> Picture {
    let channels = picture.layout.channels
    let alpha = noise(
      picture.width * picture.height, seed: seed, below: Int(picture.maxSample) + 1)
    let samples = alpha.enumerated().flatMap { pixel, opacity in
      picture.samples[pixel * channels..<(pixel + 1) * channels] + [UInt16(opacity)]
    }
    return Picture(
      width: picture.width, height: picture.height,
      layout: channels == 1 ? .grayAlpha : .rgba, bitDepth: picture.bitDepth, samples: samples)
  }
}
