import { html, type Fragment, type Markup } from "./markup.ts";

export interface TableInput {
  readonly caption: string;
  readonly columns: readonly string[];
  /** First cell of each row is its heading. */
  readonly rows: readonly (readonly Fragment[])[];
}

/** A table that scrolls by itself on narrow screens, under a caption that does not, and can be reached by keyboard. */
export function table({ caption, columns, rows }: TableInput): Markup {
  return html`<div class="table">
    <p class="caption" aria-hidden="true">${caption}</p>
    <div class="scroll" tabindex="0" role="region" aria-label="${caption}">
      <table aria-label="${caption}">
        <thead>
          <tr>
            ${columns.map((column) => html`<th scope="col">${column}</th>`)}
          </tr>
        </thead>
        <tbody>
          ${rows.map(row)}
        </tbody>
      </table>
    </div>
  </div>`;
}

/** A cell of running text, which may wrap. */
export const prose = (text: string): Markup => html`<div class="prose">${text}</div>`;

function row([heading, ...cells]: readonly Fragment[]): Markup {
  return html`<tr>
    <th scope="row">${heading ?? null}</th>
    ${cells.map((cell) => html`<td>${cell}</td>`)}
  </tr>`;
}
