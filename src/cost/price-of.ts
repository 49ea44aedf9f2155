import { isTokenPrices, type Prices, type SizePrices, type TokenPrices } from '../config/prices.ts'

/** What the price of a picture depends on. */
export interface PricedRequest {
  readonly model: string
  readonly size: string
  /** Further fields of the API, `quality` among them. */
  readonly params: Readonly<Record<string, unknown>>
}

/** What one picture of a request is expected to cost; undefined when no price says so. Pure. */
export function priceOf(request: PricedRequest, prices: Prices): number | undefined {
  const own = modelPrices(request.model, prices)
  if (own && isTokenPrices(own)) return own.estimate
  return (own && sizePrice(request, own)) ?? sizePrice(request, prices)
}

/** What the prices say of a model alone. */
export function modelPrices(model: string, prices: Prices): SizePrices | TokenPrices | undefined {
  const found = Object.hasOwn(prices, model) ? prices[model] : undefined
  return typeof found === 'object' ? found : undefined
}

function sizePrice(
  { size, params }: PricedRequest,
  prices: SizePrices | Prices,
): number | undefined {
  const found = Object.hasOwn(prices, size) ? prices[size] : undefined
  if (typeof found !== 'object') return found
  const quality = typeof params.quality === 'string' ? params.quality : 'auto'
  const price = Object.hasOwn(found, quality) ? Reflect.get(found, quality) : undefined
  return typeof price === 'number' ? price : undefined
}

/** The highest price of one picture that the prices know; 0 without any. Pure. */
export function dearestPrice(prices: Prices): number {
  const amounts = Object.values(prices).flatMap(price => {
    if (typeof price === 'number') return price
    if (isTokenPrices(price)) return price.estimate ?? 0
    return Object.values(price).flatMap(size =>
      typeof size === 'number' ? size : Object.values(size),
    )
  })
  return Math.max(0, ...amounts)
}
