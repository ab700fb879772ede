import { BookView, loadBooks } from "./api";

const WIDTH = 12;

export function renderShelf(books: BookView[]): string {
  return books.map((book) => book.title.padEnd(WIDTH)).join("|");
}

export class Shelf {
  constructor(private readonly address: string) {}

  async refresh(): Promise<string> {
    return renderShelf(await loadBooks(this.address));
  }
}
