using GpuDecodeBench.Economics.Equations;
using GpuDecodeBench.Records;

namespace GpuDecodeBench.Economics.Tests.Equations;

public class EquationSystemTests
{
    private static readonly Equation Power = new("p_all", "power with cooling", "W", "p × pue");
    private static readonly Equation Cost = new("c", "electricity", "$/h", "p_all × tariff");

    [Fact]
    public void EquationsAreComputedInTheOrderThatTheyNeed()
    {
        EquationSystem system = EquationSystem.Create(Inputs(), [Cost, Power]);

        Assert.Equal(["p_all", "c"], system.Equations.Select(equation => equation.Symbol));
        // 700 W × 1.12 × $0.07/kWh = 0.784 kW × $0.07/kWh = $0.05488/h.
        Assert.Equal(0.05488, system.Evaluate()["c"], 1e-12);
    }

    [Fact]
    public void AnInputTakesThePlaceOfTheEquationOfItsSymbol()
    {
        EquationSystem system = EquationSystem.Create(
            [.. Inputs(), new ModelInput("p_all", "measured", "kW", 1, ProvenanceNote.Measured())],
            [Power, Cost]
        );

        Assert.Equal(0.07, system.Evaluate()["c"], 1e-12);
        Assert.DoesNotContain(system.Equations, equation => equation.Symbol == "p_all");
    }

    [Fact]
    public void ASymbolDependsOnTheInputsOfTheEquationsThatItNeeds()
    {
        EquationSystem system = EquationSystem.Create(Inputs(), [Power, Cost]);

        Assert.True(system.DependsOn("c", "pue"));
        Assert.True(system.DependsOn("c", "tariff"));
        Assert.False(system.DependsOn("p_all", "tariff"));
        // What takes the place of an equation hides what that was computed from.
        var measured = EquationSystem.Create(
            [.. Inputs(), new ModelInput("p_all", "measured", "kW", 1, ProvenanceNote.Measured())],
            [Power, Cost]
        );
        Assert.False(measured.DependsOn("c", "pue"));
        Assert.Throws<ArgumentException>(() => system.DependsOn("c", "luck"));
    }

    [Fact]
    public void AChangedInputChangesWhatDependsOnIt()
    {
        EquationSystem system = EquationSystem.Create(Inputs(), [Power, Cost]);

        Assert.Equal(2 * 0.05488, system.Evaluate(new Dictionary<string, double> { ["p"] = 1400 })["c"], 1e-12);
        Assert.Throws<ArgumentException>(() => system.Evaluate(new Dictionary<string, double> { ["c"] = 1 }));
    }

    [Fact]
    public void ADerivationShowsInputsThenEquationsWithTheirNumbers()
    {
        IReadOnlyList<DerivationLine> lines = EquationSystem.Create(Inputs(), [Power, Cost]).Evaluate().Explain("c");

        Assert.Equal(["tariff", "p", "pue", "p_all", "c"], lines.Select(line => line.Symbol));
        Assert.Equal("p_all × tariff", lines[^1].Formula);
        Assert.Equal("784 W × $0.07/kWh", lines[^1].Substituted);
        Assert.Equal("$0.05488/h", lines[^1].Value);
    }

    [Fact]
    public void ACostNamesTheAssumptionsThatItRestsOn()
    {
        Figure cost = EquationSystem.Create(Inputs(), [Power, Cost]).Evaluate().Figure("c");

        Assert.Equal(Provenance.Assumed, cost.Provenance.Kind);
        Assert.Equal("assumed inputs: pue, tariff", cost.Provenance.Detail);
    }

    [Fact]
    public void WhatTheUserGaveIsNoAssumption()
    {
        ModelInput[] inputs =
        [
            .. Inputs()
                .Select(input => input.Symbol == "p" ? input : input with { Provenance = UserFigure.Note("--set") }),
        ];

        Evaluation values = EquationSystem.Create(inputs, [Power, Cost]).Evaluate();

        Assert.Equal(ProvenanceNote.Derived(), values.Figure("c").Provenance);
        Assert.Equal(Provenance.Assumed, values.Figure("tariff").Provenance.Kind);
    }

    /// <summary>A default that only says it could have been given is an assumption like any other.</summary>
    [Fact]
    public void WhatTheUserCouldHaveGivenIsAnAssumption()
    {
        ModelInput[] inputs =
        [
            .. Inputs()
                .Select(input =>
                    input.Symbol == "pue"
                        ? input with
                        {
                            Provenance = ProvenanceNote.Assumed("given by the user (--set), else none"),
                        }
                        : input
                ),
        ];

        Figure cost = EquationSystem.Create(inputs, [Power, Cost]).Evaluate().Figure("c");

        Assert.Equal("assumed inputs: pue, tariff", cost.Provenance.Detail);
    }

    [Fact]
    public void APredictedInputMakesTheCostPredictedAndKeepsItsAssumptions()
    {
        ModelInput[] inputs =
        [
            new("p", "power", "W", 700, ProvenanceNote.Predicted()),
            .. Inputs().Where(input => input.Symbol != "p"),
        ];

        Figure cost = EquationSystem.Create(inputs, [Power, Cost]).Evaluate().Figure("c");

        Assert.Equal(Provenance.Predicted, cost.Provenance.Kind);
        Assert.Equal("assumed inputs: pue, tariff", cost.Provenance.Detail);
    }

    [Fact]
    public void WhatRestsOnAnUnknownIsUnknownWithItsReasonAndNeverZero()
    {
        ModelInput[] inputs =
        [
            new("p", "power", "W", null, ProvenanceNote.Unavailable("noTelemetry", "no sensor")),
            .. Inputs().Where(input => input.Symbol != "p"),
        ];

        Figure cost = EquationSystem.Create(inputs, [Power, Cost]).Evaluate().Figure("c");

        Assert.Null(cost.Value);
        Assert.Equal("noTelemetry", cost.Provenance.Reason);
        Assert.Equal("no sensor", cost.Provenance.Detail);
    }

    [Fact]
    public void ADivisionByZeroIsNoNumber()
    {
        Equation quotient = new("q", "quotient", "1", "1 / (pue - pue)");

        Figure figure = EquationSystem.Create(Inputs(), [quotient]).Evaluate().Figure("q");

        Assert.Null(figure.Value);
        Assert.Equal("notFinite", figure.Provenance.Reason);
    }

    [Fact]
    public void ACircleIsNamed() =>
        Assert.Contains(
            "x, y",
            Assert
                .Throws<FormatException>(() =>
                    EquationSystem.Create([], [new("x", "x", "1", "y + 1"), new("y", "y", "1", "x + 1")])
                )
                .Message,
            StringComparison.Ordinal
        );

    [Fact]
    public void ASymbolIsDefinedOnce() =>
        Assert.Contains(
            "'p_all' is defined twice",
            Assert.Throws<FormatException>(() => EquationSystem.Create(Inputs(), [Power, Power])).Message,
            StringComparison.Ordinal
        );

    private static ModelInput[] Inputs() =>
        [
            new("p", "GPU power", "W", 700, ProvenanceNote.Measured()),
            new("pue", "power usage effectiveness", "1", 1.12, ProvenanceNote.Assumed("a page")),
            new("tariff", "electricity", "$/kWh", 0.07, ProvenanceNote.Assumed("a price list")),
        ];
}
