import type { ComponentChildren } from 'preact'

interface BlockProps {
  readonly title: string
  readonly children: ComponentChildren
}

export function Block({ title, children }: BlockProps) {
  return (
    <section class="stack">
      <h3 class="quiet small">{title}</h3>
      {children}
    </section>
  )
}
