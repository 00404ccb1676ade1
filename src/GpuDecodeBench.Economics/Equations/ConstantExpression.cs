using System.Globalization;

namespace GpuDecodeBench.Economics.Equations;

/// <summary>A number in a formula, with a unit where it stands in brackets behind it.</summary>
internal sealed class ConstantExpression(double value, Unit unit) : Expression
{
    private readonly double _base = unit.ToBase(value);

    public override Dimension Dimension => unit.Dimension;

    /// <summary>The number where it is a whole one without a unit, for exponents.</summary>
    public int? Whole => unit.Text == "1" && value == Math.Floor(value) && Math.Abs(value) < 100 ? (int)value : null;

    public override double Evaluate(ReadOnlySpan<double> slots) => _base;

    public override string Write(Func<int, string> symbol)
    {
        string number = value.ToString("R", CultureInfo.InvariantCulture);
        return unit.Text == "1" ? number : $"{number} {unit.Text}";
    }

    public override string Script(Func<int, string> symbol) => _base.ToString("R", CultureInfo.InvariantCulture);

    public override void AddSymbols(ISet<int> slots) { }
}
