namespace GpuDecodeBench.Economics.Equations;

/// <summary>A part of a formula: computes its value from the slots of symbols, and writes itself down.</summary>
internal abstract class Expression
{
    /// <summary>The dimension; checked when the formula was read.</summary>
    public abstract Dimension Dimension { get; }

    /// <summary>How tightly it binds: sums 1, products 2, powers 3, everything else 4.</summary>
    public virtual int Binding => 4;

    /// <summary>The value in base units; not a number where a symbol in it has none.</summary>
    /// <param name="slots">Values of symbols in base units.</param>
    public abstract double Evaluate(ReadOnlySpan<double> slots);

    /// <summary>Writes it, each symbol as the function says.</summary>
    public abstract string Write(Func<int, string> symbol);

    /// <summary>
    /// Writes it as JavaScript over base units that computes what <see cref="Evaluate"/> does, missing values included; see
    /// <see cref="EquationScript"/>.
    /// </summary>
    /// <param name="symbol">The JavaScript of a symbol's value.</param>
    public abstract string Script(Func<int, string> symbol);

    /// <summary>Adds the slots of the symbols in it.</summary>
    public abstract void AddSymbols(ISet<int> slots);

    /// <summary>Writes a part, in parentheses where it binds less tightly than asked.</summary>
    protected static string Within(Expression part, int binding, Func<int, string> symbol) =>
        part.Binding < binding ? $"({part.Write(symbol)})" : part.Write(symbol);
}
