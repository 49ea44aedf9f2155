/**
 * Keeps the progress of builds that tests start out of the suite's own output. A test that reads it
 * replaces `process.stderr.write`, and gets every line.
 */
const QUIET = Symbol.for('imagegen-test:quiet')

if (!(QUIET in process.stderr)) {
  const write = process.stderr.write.bind(process.stderr)
  Object.assign(process.stderr, { [QUIET]: true })
  process.stderr.write = (chunk: string | Uint8Array, ...rest: never[]) =>
    typeof chunk === 'string' && chunk.startsWith('[unplugin-imagegen] ')
      ? true
      : write(chunk, ...rest)
}
