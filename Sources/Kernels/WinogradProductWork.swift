// SPDX-License-Identifier: Apache-2.0

/// What a Winograd product needs to know besides its three pointers; all steps count bytes.
struct WinogradProductWork {
  /// Input channels to sum over.
  var channels = 0
  /// Whether the products start here, instead of being added to.
  var overwrites = true
  /// From one tile to the next in the transformed input and in the products.
  var inputStep, productStep: Int
  /// What is to be fetched from beyond level 2 meanwhile, and how far each pass of the innermost loop
  /// goes in it.
  var ahead: UnsafeRawPointer
  var aheadStep = 0

  init(inputStep: Int, productStep: Int, ahead: UnsafeRawPointer) {
    self.inputStep = inputStep
    self.productStep = productStep
    self.ahead = ahead
  }
}
