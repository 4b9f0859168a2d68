// SPDX-License-Identifier: Apache-2.0

/// What the elementwise microkernel works on: `y = relu?(x · scale? + addend?)`, row by row.
///
/// Rows of floats that lie side by side, in *planes*: a plane is an image where channels are
/// innermost, and a block of channels of an image where they are blocked.
///
/// A task is one row of one plane.
/// - Units: steps count floats.
public struct ElementwiseArguments: BitwiseCopyable {
  /// What is read.
  public var input: UnsafePointer<Float>
  /// What is added, after scaling; nil adds nothing.
  public var addend: UnsafePointer<Float>?
  /// What is multiplied with, per channel; nil multiplies with nothing.
  public var scale: UnsafePointer<Float>?
  /// What is written.
  public var output: UnsafeMutablePointer<Float>
  /// Planes.
  public var planes: Int = 0
  /// Rows of a plane.
  public var rows: Int = 0
  /// Floats of a row.
  public var length: Int = 0
  /// Floats of a row in the last plane of an image; only the sigmoid heeds it, since it alone does
  /// not leave the zeros of layout padding as they are.
  public var lastLength: Int = 0
  /// Planes of an image.
  public var planesPerImage: Int = 1
  /// From one plane to the next, and from one row to the next.
  public var inputPlane: Int, inputRow: Int
  /// The same for the addend.
  public var addendPlane: Int, addendRow: Int
  /// The same for the output.
  public var outputPlane: Int, outputRow: Int
  /// From the factors of one plane to those of the next.
  public var scalePlane: Int = 0
  /// From the factors of one vector of a row to those of the next: 0 where all share one.
  public var scaleVector: Int = 0
  /// Whether negative results become zero.
  public var hasReLU: Bool = false

  /// Number of independent tasks.
  public var tasks: Int { planes * rows }

  /// Arguments that read `input` and write `output`; the rest is zero or absent.
  public init(input: UnsafePointer<Float>, output: UnsafeMutablePointer<Float>) {
    self.input = input
    self.output = output
    inputPlane = 0
    inputRow = 0
    addendPlane = 0
    addendRow = 0
    outputPlane = 0
    outputRow = 0
  }
}
