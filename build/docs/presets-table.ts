import type { Sizes } from '../../src/config/provider/preset.ts'
import { PRESETS } from '../../src/provider/presets.ts'
import { renderTable } from './table.ts'

/** The presets of `provider.preset`. */
export function renderPresetsTable(): string {
  return renderTable(
    [
      'preset',
      'base URL',
      'its variable',
      'variable of the key',
      'a key comes from',
      'a picture costs',
      'sizes',
      'masks',
    ],
    Object.values(PRESETS).map(
      ({ name, baseURL, baseURLEnv, apiKeyEnv, account, sizes, masks }) => [
        `\`${name}\``,
        baseURL === undefined ? 'yours, in `baseURL`' : `\`${baseURL}\``,
        `\`${baseURLEnv}\``,
        `\`${apiKeyEnv}\``,
        account ? `<${account.keys}>` : 'your API',
        account ? `as <${account.prices}> says` : 'what your API says',
        describeSizes(sizes),
        masks ? 'yes' : 'no',
      ],
    ),
  )
}

function describeSizes(sizes: Sizes): string {
  if (sizes === 'any') return 'any; the API decides'
  if (!('listed' in sizes)) return sizes.join(', ')
  const { listed, multipleOf, ratio, longest, pixels } = sizes
  return `${listed.join(', ')}, and any whose sides are multiples of ${multipleOf}, up to ${longest} pixels a side, ${ratio}:1, and ${pixels.toLocaleString('en')} pixels in all`
}
