namespace GpuDecodeBench.Economics.Equations;

/// <summary>
/// One equation of the model. Its text is what is computed and what is shown: there is no second place where it stands, so a
/// derivation cannot say something else than the program does.
/// </summary>
/// <param name="Symbol">The symbol that it defines: letters, digits and underscores, a letter first.</param>
/// <param name="Name">What the symbol is, in a few words.</param>
/// <param name="Unit">The unit in which it is shown; the formula's dimension must be the unit's.</param>
/// <param name="Formula">The formula; see <see cref="FormulaParser"/> for what may stand in it.</param>
/// <param name="Source">Where the formula comes from, or why it holds; null where it is plain from the names.</param>
public sealed record Equation(string Symbol, string Name, string Unit, string Formula, string? Source = null);
