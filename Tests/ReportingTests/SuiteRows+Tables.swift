// SPDX-License-Identifier: Apache-2.0

import Inputs

@testable import Reporting

extension SuiteRows {
  /// The rows of a suite in which nothing was measured with several numbers of workers.
  init(measurements: CSVTable, comparisons: CSVTable) {
    self.init([.measurements: measurements, .comparisons: comparisons])
  }
}
