// SPDX-License-Identifier: Apache-2.0

internal import Convolution
internal import Suites

extension IdeaMaker {
  /// Fewer input channels are an image, which nobody divides.
  static let fewestChannels = 16

  func isDense(_ problem: ConvolutionProblem) -> Bool {
    problem.groups == 1 && problem.inChannels >= Self.fewestChannels
  }

  func groups(_ layer: SuiteCase, _ problem: ConvolutionProblem) -> [Idea] {
    guard isDense(problem) else { return [] }
    return [2, 4, 8].flatMap { count -> [Idea] in
      guard problem.inChannels / count >= 8, problem.outChannels / count >= 8 else { return [] }
      return idea(.groups, "groups of \(count)", [layer], [problem.changed { $0.groups = count }])
    }
  }

  func separable(_ layer: SuiteCase, _ problem: ConvolutionProblem) -> [Idea] {
    guard isDense(problem), problem.kernel.area > 1 else { return [] }
    let depthwise = problem.changed {
      $0.groups = problem.inChannels
      $0.outChannels = problem.inChannels
    }
    return idea(
      .separable, "depthwise and 1×1", [layer],
      [depthwise, depthwise?.pointwise(to: problem.outChannels)])
  }

  func bottleneck(_ layer: SuiteCase, _ problem: ConvolutionProblem) -> [Idea] {
    let narrow = max(8, min(problem.inChannels, problem.outChannels) / 4 / 8 * 8)
    guard isDense(problem), problem.kernel.area > 1, narrow * 2 <= problem.inChannels else {
      return []
    }
    let middle = problem.changed {
      $0.inChannels = narrow
      $0.outChannels = narrow
    }
    return idea(
      .bottleneck, "1×1 to \(narrow), and back", [layer],
      [
        problem.pointwiseBefore(to: narrow), middle, middle?.pointwise(to: problem.outChannels),
      ])
  }

  func stack(_ layer: SuiteCase, _ problem: ConvolutionProblem) -> [Idea] {
    let size = problem.kernel.height
    guard size == problem.kernel.width, size >= 5, size % 2 == 1, problem.isUndilated,
      problem.groups == 1 || problem.isOwnChannel
    else { return [] }
    let first = problem.changed {
      $0.kernel = Extent(3, 3)
      $0.padding = Padding(1, 1)
    }
    let next = first?.changed {
      $0.input = first?.output ?? $0.input
      $0.inChannels = problem.outChannels
      $0.stride = Extent(1, 1)
    }
    let count = (size - 1) / 2
    return idea(
      .stack, "\(count) of 3×3", [layer], [first] + Array(repeating: next, count: count - 1))
  }

  func factorised(_ layer: SuiteCase, _ problem: ConvolutionProblem) -> [Idea] {
    let size = problem.kernel.height
    guard isDense(problem), size == problem.kernel.width, size > 1, problem.isUndilated else {
      return []
    }
    let padding = problem.padding
    let row = problem.changed {
      $0.kernel = Extent(1, size)
      $0.stride = Extent(1, problem.stride.width)
      $0.padding = Padding(top: 0, left: padding.left, bottom: 0, right: padding.right)
    }
    let column = problem.changed {
      $0.input = row?.output ?? $0.input
      $0.inChannels = problem.outChannels
      $0.kernel = Extent(size, 1)
      $0.stride = Extent(problem.stride.height, 1)
      $0.padding = Padding(top: padding.top, left: 0, bottom: padding.bottom, right: 0)
    }
    return idea(.factorised, "1×\(size) and \(size)×1", [layer], [row, column])
  }

  func dilated(_ layer: SuiteCase, _ problem: ConvolutionProblem) -> [Idea] {
    let size = problem.kernel.height
    guard size == problem.kernel.width, size >= 5, size % 2 == 1, problem.isUndilated else {
      return []
    }
    let distance = (size - 1) / 2
    return idea(
      .dilated, "3×3, \(distance) apart", [layer],
      [
        problem.changed {
          $0.kernel = Extent(3, 3)
          $0.dilation = Extent(distance, distance)
        }
      ])
  }

  func dense(_ layer: SuiteCase, _ problem: ConvolutionProblem) -> [Idea] {
    guard problem.groups > 1, !problem.isDepthwise else { return [] }
    return idea(.dense, "one group", [layer], [problem.changed { $0.groups = 1 }])
  }

  func rounded(_ layer: SuiteCase, _ problem: ConvolutionProblem) -> [Idea] {
    let whole = (problem.outChannels + lanes - 1) / lanes * lanes
    guard problem.groups == 1, whole != problem.outChannels else { return [] }
    return idea(
      .rounded, "\(whole) output channels", [layer], [problem.changed { $0.outChannels = whole }])
  }
}
