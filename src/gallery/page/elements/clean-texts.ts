import { options } from 'preact'
import { withoutMarks } from '../../../text/shown-text.ts'

const SHOWN_ATTRIBUTES = ['title', 'alt', 'aria-label', 'placeholder'] as const

/**
 * From now on no text reaches the page with characters that it would obey instead of showing them.
 * What people edit or copy stays as it is: that is a property, not a text.
 */
export function cleanTexts(): void {
  const next = options.vnode
  options.vnode = vnode => {
    if (typeof vnode.type === 'string') {
      const props: Record<string, unknown> = vnode.props
      props.children = cleaned(props.children)
      for (const name of SHOWN_ATTRIBUTES) {
        if (name in props) props[name] = cleaned(props[name])
      }
    }
    next?.(vnode)
  }
}

function cleaned(child: unknown): unknown {
  if (typeof child === 'string') return withoutMarks(child)
  return Array.isArray(child) ? child.map(cleaned) : child
}
