import { renderShelf } from "./shelf";

export interface BookView {
  barcode: string;
  title: string;
}

export async function loadBooks(address: string): Promise<BookView[]> {
  const answer = await fetch(`${address}/books`);
  return answer.json();
}

export async function showBooks(address: string): Promise<string> {
  return renderShelf(await loadBooks(address));
}
