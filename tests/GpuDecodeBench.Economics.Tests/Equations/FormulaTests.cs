using GpuDecodeBench.Economics.Equations;
using GpuDecodeBench.Records;

namespace GpuDecodeBench.Economics.Tests.Equations;

public class FormulaTests
{
    private static readonly ModelInput[] Inputs =
    [
        Input("a", "1", 3),
        Input("b", "1", 4),
        Input("bytes", "GB", 70),
        Input("rate", "TB/s", 4.8),
        Input("power", "W", 700),
        Input("tariff", "$/kWh", 0.07),
        new("missing", "not known", "1", null, ProvenanceNote.Unavailable("notMeasured", "nobody looked")),
    ];

    [Theory]
    [InlineData("a + b × 2", 11)]
    [InlineData("(a + b) × 2", 14)]
    [InlineData("a - b - 1", -2)]
    [InlineData("a - (b - 1)", 0)]
    [InlineData("24 / a / b", 2)]
    [InlineData("24 / (a × b)", 2)]
    [InlineData("2^a^2", 512)]
    [InlineData("(2^a)^2", 64)]
    [InlineData("-a^2", -9)]
    [InlineData("2 * -a", -6)]
    [InlineData("min(a, b, 2)", 2)]
    [InlineData("max(a, b)", 4)]
    [InlineData("ceil(a / 2) + floor(a / 2)", 3)]
    [InlineData("sqrt(b) + abs(0 - 1)", 3)]
    [InlineData("ln(exp(2)) + log2(8)", 5)]
    [InlineData("if(a < b, 10, 20)", 10)]
    [InlineData("if(a >= b, 10, 20)", 20)]
    [InlineData("if(a = 3, 1, 0)", 1)]
    [InlineData("1e-3 × 2E3", 2)]
    [InlineData("if(a < b, 1, missing)", 1)]
    public void AFormulaIsComputed(string formula, double value) =>
        Assert.Equal(value, Evaluate("1", formula)["y"], 12);

    [Theory]
    [InlineData("ms", "bytes / rate", 70.0 / 4.8)]
    [InlineData("$/h", "power × tariff", 0.049)]
    [InlineData("TFLOP", "bytes × 2[FLOP/B]", 0.14)]
    [InlineData("d", "36[h] + 12[h]", 2)]
    public void UnitsAreConverted(string unit, string formula, double value) =>
        Assert.Equal(value, Evaluate(unit, formula)["y"], Math.Abs(value) * 1e-12);

    [Theory]
    [InlineData("1", "bytes + a", "B and 1 cannot be added")]
    [InlineData("1", "if(a < bytes, 1, 2)", "1 and B cannot be compared")]
    [InlineData("J", "power", "J")]
    [InlineData("$", "power × tariff", "$/s")]
    [InlineData("1", "exp(bytes)", "exp takes a plain number")]
    [InlineData("1", "a^bytes", "an exponent takes a plain number")]
    [InlineData("B", "bytes^a", "only whole numbers as exponents")]
    [InlineData("1", "a + nothing", "'nothing' is not known")]
    [InlineData("1", "a +", "missing at its end")]
    [InlineData("1", "(a + b", "')' is missing")]
    [InlineData("1", "a b", "'b' is not expected")]
    [InlineData("1", "sin(a)", "no function 'sin' of 1")]
    [InlineData("1", "min(a)", "no function 'min' of 1")]
    [InlineData("1", "2[furlong]", "'furlong'")]
    [InlineData("1", "2[s", "not closed")]
    [InlineData("1", "1.2.3", "'1.2.3' is no number")]
    public void AFormulaThatDoesNotFitIsRefused(string unit, string formula, string problem) =>
        Assert.Contains(
            problem,
            Assert.Throws<FormatException>(() => Evaluate(unit, formula)).Message,
            StringComparison.Ordinal
        );

    [Theory]
    [InlineData("a - (b - 1)", "a − (b − 1)")]
    [InlineData("24 / (a * b)", "24 / (a × b)")]
    [InlineData("(2^a)^2", "(2^a)^2")]
    [InlineData("if(a<=b, a, -(a+b))", "if(a ≤ b, a, −(a + b))")]
    public void AFormulaIsWrittenAsItWasMeant(string formula, string written) =>
        Assert.Equal(written, Evaluate("1", formula).Explain("y")[^1].Formula);

    private static Evaluation Evaluate(string unit, string formula) =>
        EquationSystem.Create(Inputs, [new Equation("y", "result", unit, formula)]).Evaluate();

    private static ModelInput Input(string symbol, string unit, double value) =>
        new(symbol, symbol, unit, value, ProvenanceNote.Measured());
}
