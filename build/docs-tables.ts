/**
 * Keeps what the documentation takes from the code at one with the code: options, manifest fields,
 * commands, errors, presets and exports. Stands between `<!-- NAME:start -->` and `<!-- NAME:end -->`.
 * `npm run docs:tables` writes it; a test holds it.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import glob from 'fast-glob'
import { renderCommandHelp, renderCommandTable } from './docs/command-pages.ts'
import { renderAttemptCodesTable, renderErrorsTable } from './docs/errors-tables.ts'
import { renderExportsTable } from './docs/exports-table.ts'
import { renderManifestTable, renderOutputTable } from './docs/manifest-tables.ts'
import { renderOptionsTable } from './docs/options-table.ts'
import { renderPresetsTable } from './docs/presets-table.ts'
import { ROOT } from './docs/source.ts'

const SECTIONS: Readonly<Record<string, () => string>> = {
  'attempt-codes': renderAttemptCodesTable,
  'command-help': renderCommandHelp,
  commands: renderCommandTable,
  errors: renderErrorsTable,
  exports: renderExportsTable,
  manifest: renderManifestTable,
  options: renderOptionsTable,
  output: renderOutputTable,
  presets: renderPresetsTable,
}

/** What is generated: each page, absolute, as it should be. */
export function renderSections(): ReadonlyMap<string, string> {
  const placed: string[] = []
  const pages = new Map<string, string>()
  for (const file of glob.sync(['README.md', 'docs/**/*.md'], { cwd: ROOT, absolute: true })) {
    const text = readFileSync(file, 'utf8')
    const rendered = text.replace(
      /<!-- ([\w-]+):start -->[\s\S]*?<!-- \1:end -->/g,
      (_, name: string) => {
        placed.push(name)
        return renderSection(name)
      },
    )
    if (/<!-- [\w-]+:start -->/.test(text)) pages.set(file, rendered)
  }
  const unplaced = Object.keys(SECTIONS).filter(name => !placed.includes(name))
  if (unplaced.length > 0) throw new Error(`No page has a section for ${unplaced.join(', ')}.`)
  return pages
}

function renderSection(name: string): string {
  const render = SECTIONS[name]
  if (!render) throw new Error(`Nothing renders the section "${name}".`)
  return `<!-- ${name}:start -->\n\n${render()}\n\n<!-- ${name}:end -->`
}

if (process.argv.includes('--write')) {
  for (const [file, text] of renderSections()) writeFileSync(file, text)
}
