namespace GpuDecodeBench.Economics.Equations;

/// <summary>A symbol in a formula.</summary>
internal sealed class SymbolExpression(int slot, Dimension dimension) : Expression
{
    public override Dimension Dimension => dimension;

    public override double Evaluate(ReadOnlySpan<double> slots) => slots[slot];

    public override string Write(Func<int, string> symbol) => symbol(slot);

    public override string Script(Func<int, string> symbol) => symbol(slot);

    public override void AddSymbols(ISet<int> slots) => slots.Add(slot);
}
