/**
 * The numbers of vitest's JSON report. A file that could not be loaded, and a run that failed for another reason than a
 * test (an unhandled error, no report at all), counts as one failure: nothing that went wrong may read "0 failed".
 */
export function countTests(report, status) {
  const passed = report?.numPassedTests ?? 0;
  const skipped = (report?.numPendingTests ?? 0) + (report?.numTodoTests ?? 0);
  const brokenFiles = (report?.testResults ?? []).filter(
    (file) => file.status === 'failed' && !file.assertionResults.some((test) => test.status === 'failed'),
  ).length;
  const failed = (report?.numFailedTests ?? 0) + brokenFiles;
  return { passed, failed: failed === 0 && status !== 0 ? 1 : failed, skipped };
}
