/// How the colour channels of a picture become matrices.
public enum ChannelMode: String, Sendable, Equatable, CaseIterable {
  /// One H×W matrix per colour channel.
  case separate
  /// One H×(C·W) matrix, the channels side by side: columns 0..<W are the first channel.
  case stacked

  /// The number of matrices that a picture of `channels` colour channels becomes.
  public func matrixCount(channels: Int) -> Int { self == .separate ? channels : 1 }
}
