// Prints the counts of a vitest run, "passed failed skipped", from its JSON report, which exists
// even when tests fail; then a line for each failure.
import { readFileSync } from 'node:fs'
import path from 'node:path'

const LONGEST = 1000
const report = JSON.parse(readFileSync(process.argv[2], 'utf8'))
const failures = report.testResults.flatMap(({ name, status, message, assertionResults }) => {
  const failed = assertionResults
    .filter(test => test.status === 'failed')
    .map(({ fullName, failureMessages }) => ({ what: fullName, why: failureMessages.join('\n') }))
  // A file that cannot be loaded has no tests to fail.
  if (status === 'failed' && failed.length === 0) failed.push({ what: 'the file', why: message })
  return failed.map(({ what, why }) => {
    const reason = why.slice(0, LONGEST).replaceAll(/\s*\n\s*/g, ' | ')
    return `${path.relative('.', name)} > ${what}: ${reason}`
  })
})
const { numPassedTests: passed, numPendingTests: pending, numTodoTests: todo } = report
const counts = [passed, failures.length, pending + todo].join(' ')
process.stdout.write(`${[counts, ...failures].join('\n')}\n`)
