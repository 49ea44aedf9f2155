import path from 'node:path'
import { parseArgs } from 'node:util'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    rounds: { type: 'string' },
    output: { type: 'string', default: 'bench-table.md' },
    /** A checkout with a built `dist`, when it is not this one. */
    product: { type: 'string', default: path.resolve(import.meta.dirname, '../../..') },
    /** A folder with other peers, below the benchmark's own. */
    peers: { type: 'string', default: '' },
  },
})

/** What the command line says. */
export const options = { ...values, cases: positionals }
