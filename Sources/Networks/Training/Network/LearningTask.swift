/// What a network is trained for.
public enum LearningTask: String, CaseIterable, Sendable {
  /// One of several classes: softmax and cross-entropy, the mean over the samples.
  case classification
  /// Numbers: the squared error, the mean over samples and outputs.
  case regression
}
