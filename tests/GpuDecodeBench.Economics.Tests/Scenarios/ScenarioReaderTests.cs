using GpuDecodeBench.Economics.Equations;
using GpuDecodeBench.Economics.Scenarios;
using GpuDecodeBench.Records;
using GpuDecodeBench.Workload;

namespace GpuDecodeBench.Economics.Tests.Scenarios;

public class ScenarioReaderTests
{
    private const string Everything = """
        name: my cluster
        ownership: owned
        facility: built-up
        cooling: air
        region: germany
        values:
          years: 4
          gpu_price: { low: 28000, likely: 30000, high: 33000, source: a quote of 2026-11-02 }
        """;

    [Fact]
    public void TheTemplateAsItIsPrintedIsAScenarioThatAssumesEverything()
    {
        Scenario printed = ScenarioReader.Parse(ScenarioTemplate.Write("H100 SXM"), "the template", "H100 SXM");
        Scenario standard = ScenarioReader.Default("H100 SXM");

        Assert.Equal(
            standard.Inputs.Select(input => (input.Symbol, input.Value)),
            printed.Inputs.Select(input => (input.Symbol, input.Value))
        );
    }

    /// <summary>A licence fee of half a dollar an hour, drawn for an L4 that rents at less, made its cost a matter of chance.</summary>
    [Theory]
    [InlineData("software_fee")]
    [InlineData("egress_fraction")]
    [InlineData("licence_fraction")]
    [InlineData("cache_hit")]
    public void WhatSomebodyDecidesIsNotDrawn(string symbol)
    {
        Assert.False(Input(ScenarioReader.Default("H100 SXM"), symbol).IsUncertain);
        Assert.False(Input(ScenarioReader.Default(null), symbol).IsUncertain);
    }

    [Fact]
    public void ARentHasHalfOfAnOwnersLabourInIt()
    {
        Assert.Equal(0.09, Input(ScenarioReader.Default("H100 SXM"), "labour_fraction").Value);
        Assert.Equal(
            0.18,
            Input(ScenarioReader.Parse("ownership: owned", "a test", "H100 SXM"), "labour_fraction").Value
        );
    }

    [Theory]
    // The source's all-in power.
    [InlineData("H200 SXM", "p_design", 1730)]
    [InlineData("MI355X", "p_design", 2650)]
    // 2.2 × 72 W.
    [InlineData("L4", "p_design", 158)]
    [InlineData("L4", "network_price", 700)]
    [InlineData("L4", "p_switch", 0)]
    [InlineData("H200 SXM", "network_price", 3000)]
    [InlineData("H200 SXM", "p_switch", 80)]
    public void ACardIsNotBuiltForAsAnAcceleratorIs(string device, string symbol, double value) =>
        Assert.Equal(value, Input(ScenarioReader.Default(device), symbol).Value);

    /// <summary>Nothing is left of the 1,400 W that were assumed of every device.</summary>
    [Fact]
    public void EveryDeviceOfTheCatalogueHasABuildingOfItsOwnSize() =>
        Assert.All(
            HardwareCatalogue.All,
            entry =>
            {
                double tdp = entry.TdpWatts[0].Value;
                Assert.InRange(
                    Input(ScenarioReader.Default(entry.Name), "p_design").Value!.Value,
                    1.7 * tdp,
                    2.5 * tdp
                );
            }
        );

    [Fact]
    public void AScenarioSaysHowTheHardwareIsRun()
    {
        Scenario scenario = ScenarioReader.Parse(Everything, "a.yaml", "H200 SXM");

        Assert.Equal("my cluster", scenario.Name);
        Assert.Equal(
            (Ownership.Owned, FacilityMode.BuiltUp, Cooling.Air),
            (scenario.Ownership, scenario.Facility, scenario.Cooling)
        );
        Assert.Equal(0.165, Input(scenario, "tariff").Value);
        Assert.Equal(4, Input(scenario, "years").Value);
        Assert.False(Input(scenario, "years").IsUncertain);
        Assert.Equal(
            (28000, 30000, 33000),
            (Input(scenario, "gpu_price").Low, Input(scenario, "gpu_price").Value, Input(scenario, "gpu_price").High)
        );
        Assert.Equal("a quote of 2026-11-02 (a.yaml)", Input(scenario, "gpu_price").Provenance.Source);
        Assert.DoesNotContain(scenario.Inputs, input => input.Symbol == "pue");
    }

    [Fact]
    public void JsonIsReadAsWell()
    {
        Scenario scenario = ScenarioReader.Parse(
            """{"ownership": "owned", "values": {"tariff": 0.05}}""",
            "a.json",
            null
        );

        Assert.Equal(Ownership.Owned, scenario.Ownership);
        Assert.Equal(0.05, Input(scenario, "tariff").Value);
    }

    [Fact]
    public void WhatIsNotGivenIsAssumedWithItsSource()
    {
        Scenario scenario = ScenarioReader.Default("H200 SXM");

        Assert.Equal(Ownership.Rented, scenario.Ownership);
        Assert.All(
            scenario.Inputs,
            input => Assert.Contains(input.Provenance.Kind, (Provenance[])[Provenance.Assumed, Provenance.Unavailable])
        );
        Assert.Equal(2.79, Input(scenario, "rent").Value);
    }

    [Fact]
    public void ADeviceWithoutAPriceHasNone() =>
        Assert.Equal(
            AssumptionCatalogue.NoAssumption,
            Input(ScenarioReader.Default("L4"), "gpu_price").Provenance.Reason
        );

    [Theory]
    [InlineData("ownershp: owned", "unknown key 'ownershp'")]
    [InlineData("ownership: leased", "'ownership' is 'leased'; accepted are rented, owned")]
    [InlineData("facility: none", "accepted are pue, built-up")]
    [InlineData("region: atlantis", "'region' is 'atlantis'")]
    [InlineData("tariff: 0.08", "'tariff' (electricity) stands at the top; inputs belong below 'values'")]
    [InlineData("values: { pu: 1.2 }", "unknown key 'pu'")]
    [InlineData("values: { pue: 0.9 }", "'pue' (power usage effectiveness) is 0.9; from 1 to 10 is accepted")]
    [InlineData("values: { util: 1.2 }", "above 0 and at most 1 is accepted")]
    [InlineData("values: { util: 0 }", "above 0 and at most 1 is accepted")]
    [InlineData("values: { years: 0 }", "above 0 and at most 100 years is accepted")]
    [InlineData("values: { tariff: -0.1 }", "0 or more is accepted")]
    [InlineData("values: { rent: 0 }", "above 0 is accepted")]
    [InlineData("values: { tariff: cheap }", "'tariff' is 'cheap'; a number in $/kWh is accepted")]
    [InlineData("values: { tariff: .nan }", "a number in $/kWh is accepted")]
    [InlineData("values: { tariff: [1, 2] }", "'tariff' is 'a list'")]
    [InlineData("values: { tariff: { low: 0.1 } }", "no 'likely' value")]
    [InlineData("values: { tariff: { low: 0.2, likely: 0.1, high: 0.3 } }", "must not fall")]
    [InlineData("values: { tariff: { likely: 0.1, most: 0.2 } }", "unknown key 'most'")]
    [InlineData("values: 5", "'values' must hold symbols")]
    [InlineData("- 1", "must be a mapping")]
    [InlineData("name: [", "neither YAML nor JSON")]
    [InlineData("name: a\nname: b", "neither YAML nor JSON")]
    [InlineData("facility: built-up\nvalues: { pue: 1.2 }", "overhead would be meant twice")]
    public void WhatMakesNoSenseIsRefusedInOneSentence(string text, string problem)
    {
        string message = Assert.Throws<InputException>(() => ScenarioReader.Parse(text, "a.yaml", "H200 SXM")).Message;

        Assert.Contains(problem, message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', message);
    }

    [Fact]
    public void AFileThatIsNotThereIsNamed() =>
        Assert.Contains(
            "'nowhere.yaml' does not exist; give a file",
            Assert.Throws<InputException>(() => ScenarioReader.Read("nowhere.yaml", null)).Message,
            StringComparison.Ordinal
        );

    [Fact]
    public void TheTemplateIsAScenarioThatChangesNothing()
    {
        string template = ScenarioTemplate.Write("H200 SXM");
        Scenario untouched = ScenarioReader.Parse(
            template.Replace("values:\n", "", StringComparison.Ordinal),
            "t",
            "H200 SXM"
        );
        Scenario filled = ScenarioReader.Parse(
            template.Replace("#  ", "  ", StringComparison.Ordinal),
            "t",
            "H200 SXM"
        );

        Assert.Equal(
            ScenarioReader
                .Default("H200 SXM")
                .Inputs.Select(input => (input.Symbol, input.Value, input.Low, input.High)),
            untouched.Inputs.Select(input => (input.Symbol, input.Value, input.Low, input.High))
        );
        Assert.Equal(untouched.Inputs.Select(input => input.Value), filled.Inputs.Select(input => input.Value));
        Assert.All(
            AssumptionCatalogue.All,
            assumption => Assert.Contains($" {assumption.Symbol}: ", template, StringComparison.Ordinal)
        );
    }

    private static ModelInput Input(Scenario scenario, string symbol) =>
        scenario.Inputs.Single(input => input.Symbol == symbol);
}
