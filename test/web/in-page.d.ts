export function faintTexts(): string[];
export function sticksOut(): number;
export function showsFocus(): boolean;
export function focused(): string;
export function groundColour(): string;
export function descriptionOf(element: unknown): string;
