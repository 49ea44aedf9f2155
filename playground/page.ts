import { readFile } from 'node:fs/promises'
import path from 'node:path'

/** The page and its styles for bundlers that know no HTML: the same files that Vite takes as they are. */
export async function page(script: string): Promise<{ fileName: string; source: string }[]> {
  const read = (file: string) => readFile(path.join(import.meta.dirname, file), 'utf8')
  const html = await read('index.html')
  return [
    {
      fileName: 'index.html',
      source: html
        .replace('./src/style.css', './style.css')
        .replace('./src/main.js', `./${script}`),
    },
    { fileName: 'style.css', source: await read('src/style.css') },
  ]
}
