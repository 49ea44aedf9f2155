/**
 * Ends a process on a Node that is too old with one sentence, before other modules fail in ways that
 * name no version. Entries import it first.
 */
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
const isSupported = (major === 20 && minor >= 19) || (major === 22 && minor >= 12) || major > 22

// Bun and Deno have version numbers of Node that say little.
if (!isSupported && !('bun' in process.versions) && !('deno' in process.versions)) {
  process.stderr.write(
    `unplugin-imagegen needs Node 20.19 or later, or 22.12 or later; this is Node ${process.versions.node}. Update Node.\n`,
  )
  process.exit(1)
}
