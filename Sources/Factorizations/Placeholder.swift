// Factorizations.
