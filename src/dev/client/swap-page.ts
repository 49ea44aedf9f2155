import type { ImageAsset } from '../../module/image-asset.ts'
import { type SwapPlan, swapText } from './swap-plan.ts'

/** Attributes that hold URLs of pictures. */
const ATTRIBUTES = ['src', 'srcset', 'poster', 'href', 'imagesrcset', 'content', 'data'] as const

/** Replaces former URLs by new ones in the whole page. */
export function swapPage(swaps: SwapPlan): void {
  swapTree(document, swaps)
  for (const sheet of [...document.styleSheets, ...document.adoptedStyleSheets]) {
    swapSheet(sheet, swaps)
  }
}

/** The same below one node, including open shadow trees. */
export function swapTree(root: Node, swaps: SwapPlan): void {
  if (root instanceof Element) swapElement(root, swaps)
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_ELEMENT)
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    if (node instanceof Element) swapElement(node, swaps)
  }
}

export function swapElement(element: Element, swaps: SwapPlan): void {
  for (const name of ATTRIBUTES) {
    const value = element.getAttribute(name)
    if (value === null) continue
    const swapped = swapText(value, swaps)
    if (swapped !== value) element.setAttribute(name, swapped)
  }
  if (element instanceof HTMLElement || element instanceof SVGElement) {
    if (element.hasAttribute('style')) swapStyle(element.style, swaps)
  }
  const { shadowRoot } = element
  if (!shadowRoot) return
  swapTree(shadowRoot, swaps)
  for (const sheet of shadowRoot.adoptedStyleSheets) swapSheet(sheet, swaps)
}

/** Updates `width`, `height` and `alt` of elements that show an asset, where they came from it. */
export function swapDescriptions(before: ImageAsset, after: ImageAsset): void {
  for (const [name, variant] of Object.entries(after.variants ?? {})) {
    swapDescriptions(before.variants?.[name] ?? before, variant)
  }
  swapSourceSizes(after)
  const pairs = [
    ['width', String(before.width), String(after.width)],
    ['height', String(before.height), String(after.height)],
    ['alt', before.alt, after.alt],
  ] as const
  for (const image of document.querySelectorAll('img')) {
    if (image.getAttribute('src') !== after.src) continue
    for (const [name, from, to] of pairs) {
      if (from !== to && to !== undefined && image.getAttribute(name) === from) {
        image.setAttribute(name, to)
      }
    }
  }
}

/** Only sources of variants have sizes of their own. */
function swapSourceSizes({ sources = [] }: ImageAsset): void {
  for (const source of document.querySelectorAll('source')) {
    const own = sources.find(
      ({ srcset, media }) =>
        media !== undefined && srcset === source.srcset && media === source.media,
    )
    if (!own?.width || !own.height || !source.hasAttribute('width')) continue
    source.width = own.width
    source.height = own.height
  }
}

function swapSheet(sheet: CSSStyleSheet, swaps: SwapPlan): void {
  let rules: CSSRuleList
  try {
    rules = sheet.cssRules
  } catch {
    return // of another origin, which may not be read
  }
  swapRules(rules, swaps)
}

function swapRules(rules: CSSRuleList, swaps: SwapPlan): void {
  for (const rule of rules) {
    if ('style' in rule && rule.style instanceof CSSStyleDeclaration) swapStyle(rule.style, swaps)
    if ('cssRules' in rule && rule.cssRules instanceof CSSRuleList) swapRules(rule.cssRules, swaps)
  }
}

function swapStyle(style: CSSStyleDeclaration, swaps: SwapPlan): void {
  for (const name of [...style]) {
    const value = style.getPropertyValue(name)
    if (!value.includes('url(') && !name.startsWith('--')) continue
    const swapped = swapText(value, swaps)
    if (swapped !== value) style.setProperty(name, swapped, style.getPropertyPriority(name))
  }
}
