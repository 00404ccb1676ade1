using System.Globalization;
using GpuDecodeBench.Economics;
using GpuDecodeBench.Economics.Equations;
using GpuDecodeBench.Economics.Futures;
using GpuDecodeBench.Records;

namespace GpuDecodeBench.Reporting.Tables;

/// <summary>The outlook of a cost: its floor, its components by year, generations of devices, and when prices meet the floor.</summary>
public static class OutlookTables
{
    private static readonly string[] FloorRows = [.. FloorEquations.Parts, FloorEquations.Energy, FloorEquations.Total];

    /// <summary>The floor, part by part, for one sequence and for the batch.</summary>
    /// <param name="outlook">The outlook.</param>
    /// <param name="explain">Whether the captions derive the floor of the batch line by line.</param>
    public static ResultTable Floor(Outlook outlook, bool explain)
    {
        ArgumentNullException.ThrowIfNull(outlook);
        Evaluation one = outlook.One.Evaluation;
        Evaluation batch = outlook.Batch.Evaluation;
        return new TableSchema<Equation>()
            .Words("Part", "name", equation => ResultCell.Of(equation.Name))
            .Machine("symbol", equation => ResultCell.Of(equation.Symbol))
            .Number("Batch 1", "$/Mtok", "usdPerMillionTokensAtBatch1", equation => Value(one, equation.Symbol))
            .Number(
                $"Batch {outlook.Batch.Conditions.Batch}",
                "$/Mtok",
                "usdPerMillionTokens",
                equation => Value(batch, equation.Symbol)
            )
            .Number(
                "Share",
                "%",
                "share",
                equation =>
                    ResultCell.Of(
                        batch.Figure(equation.Symbol).Value / batch.Figure(FloorEquations.Total).Value,
                        Quantity.Percent
                    )
            )
            .Words("Formula", "formula", equation => ResultCell.Of(equation.Formula), drop: 1)
            .Words("From", "provenance", equation => Origin(batch, equation.Symbol))
            .Build(
                $"The floor under the cost of a token, at the roofline and without idling: {FullUse(outlook.Batch.Conditions)}",
                FloorRows.Select(symbol => FloorEquations.All.Single(equation => equation.Symbol == symbol)),
                [.. FloorCaptions(outlook, explain)]
            );
    }

    /// <summary>The generations of devices.</summary>
    /// <param name="rows">The generations.</param>
    /// <param name="conditions">The conditions of the steps whose intensity is used.</param>
    public static ResultTable Generations(IReadOnlyList<GenerationOutlook> rows, CostConditions conditions)
    {
        ArgumentNullException.ThrowIfNull(rows);
        ArgumentNullException.ThrowIfNull(conditions);
        return new TableSchema<GenerationOutlook>()
            .Words("Generation", "generation", row => ResultCell.Of(row.Generation.Name))
            .Words("Device", "device", row => ResultCell.Of(row.Generation.Device))
            .Number("Year", null, "year", row => Year(row.Generation.Year))
            .Number("Memory", "TB/s", "terabytesPerSecond", row => Value(row.Values, "hbm_rate"))
            .Number("Ridge", "BF16", "ridgeBf16FlopsPerByte", row => Value(row.Values, "ridge_bf16"))
            .Number("Ridge", "FP8", "ridgeFp8FlopsPerByte", row => Value(row.Values, "ridge_fp8"), drop: 2)
            .Number("Ridge", "FP4", "ridgeFp4FlopsPerByte", row => Value(row.Values, "ridge_fp4"), drop: 2)
            .Number("Use, b1", "% BF16", "useAtBatch1Bf16", row => Share(row.Values, "use_one_bf16"))
            .Number("Use, b1", "% FP4", "useAtBatch1Fp4", row => Share(row.Values, "use_one_fp4"), drop: 2)
            .Number($"Use, b{conditions.Batch}", "% BF16", "useAtBatchBf16", row => Share(row.Values, "use_batch_bf16"))
            .Number(
                $"Use, b{conditions.Batch}",
                "% FP4",
                "useAtBatchFp4",
                row => Share(row.Values, "use_batch_fp4"),
                drop: 2
            )
            .Number("Power", "J/TB", "joulesPerTerabyte", row => Value(row.Values, "energy_byte"))
            .Number("Fall", null, "joulesPerTerabyteFall", row => Value(row.Values, "energy_byte_fall"), drop: 1)
            .Number("Rent", "$/PB", "usdPerPetabyte", row => Value(row.Values, "usd_byte"))
            .Number("Fall", null, "usdPerPetabyteFall", row => Value(row.Values, "usd_byte_fall"), drop: 1)
            .Words("From", "provenance", row => Origin(row.Values, "energy_byte"), drop: 3)
            .Build(
                $"Ridge and use by generation, always busy: {FullUse(conditions)}",
                rows,
                [.. GenerationCaptions(rows, conditions)]
            );
    }

    /// <summary>The components of the cost by year.</summary>
    /// <param name="years">The years.</param>
    /// <param name="conditions">The conditions.</param>
    /// <param name="explain">Whether the captions derive the last year line by line.</param>
    public static ResultTable Years(IReadOnlyList<ProjectedYear> years, CostConditions conditions, bool explain)
    {
        ArgumentNullException.ThrowIfNull(years);
        ArgumentNullException.ThrowIfNull(conditions);
        TableSchema<ProjectedYear> table = new TableSchema<ProjectedYear>()
            .Number("Year", null, "year", row => Year(row.Year))
            .Number("Gen.", null, "generations", row => Value(row.Values, "generations"), drop: 2)
            .Number("Cost", "$/Mtok", "usdPerMillionTokens", row => Value(row.Values, ProjectionEquations.Total))
            .Number("P10", "$/Mtok", "usdPerMillionTokensP10", row => ResultCell.Of(row.Range.P10, Quantity.Digits))
            .Number("P90", "$/Mtok", "usdPerMillionTokensP90", row => ResultCell.Of(row.Range.P90, Quantity.Digits));
        string[] headers = ["Capital", "Memory el.", "Other el.", "Facility", "Gear", "Labour"];
        for (int i = 0; i < ProjectionEquations.Components.Count; i++)
        {
            string symbol = ProjectionEquations.Components[i].Symbol;
            string part = symbol["next_".Length..];
            table = table
                .Number(headers[i], "%", $"{part}Share", row => Share(row.Values, ProjectionEquations.Share(symbol)))
                .MachineNumber($"{part}UsdPerMillionTokens", row => Value(row.Values, symbol));
        }

        return table
            .Words("From", "provenance", row => Origin(row.Values, ProjectionEquations.Total))
            .Build(
                $"Components of the cost by year: {conditions.Describe()}",
                years,
                years.Count == 0 ? [] : [.. YearCaptions(years[0]), .. explain ? YearDerivation(years[^1]) : []]
            );
    }

    /// <summary>When prices meet the floors.</summary>
    /// <param name="rows">The convergences.</param>
    /// <param name="conditions">The conditions of the floors.</param>
    /// <param name="explain">Whether the captions derive the first one line by line.</param>
    public static ResultTable Convergences(IReadOnlyList<Convergence> rows, CostConditions conditions, bool explain)
    {
        ArgumentNullException.ThrowIfNull(rows);
        ArgumentNullException.ThrowIfNull(conditions);
        return new TableSchema<Convergence>()
            .Words("Price of", "price", row => ResultCell.Of(row.Price.Name))
            .Number(
                "Price",
                "$/Mtok",
                "usdPerMillionTokens",
                row => ResultCell.Of(row.Price.UsdPerMillionTokens, Quantity.Digits)
            )
            .Number("In", null, "priceYear", row => Year(row.Price.Year))
            .Words(
                "Floor",
                "floor",
                row => ResultCell.Of(row.Floor == FloorEquations.Energy ? "energy" : "with capital", row.Floor)
            )
            .Number("Floor", "$/Mtok", "floorUsdPerMillionTokens", row => Value(row.Values, row.Floor))
            .Number("Meet in", null, "year", row => Met(row, row.Likely))
            .Number("Fast fall", null, "yearAtFastFall", row => Met(row, row.AtFastFall), drop: 1)
            .Number("Slow fall", null, "yearAtSlowFall", row => Met(row, row.AtSlowFall), drop: 1)
            .Number("P10", null, "yearP10", row => Met(row, row.P10))
            .Number("P50", null, "yearP50", row => Met(row, row.P50))
            .Number("P90", null, "yearP90", row => Met(row, row.P90))
            .Number("Never", "%", "neverShare", row => ResultCell.Of(row.NeverShare, Quantity.Percent), drop: 1)
            .Words("From", "provenance", row => Origin(row.Values, ConvergenceEquations.Year(row.Floor)))
            .Build(
                $"When prices meet the floor: {FullUse(conditions)}",
                rows,
                rows.Count == 0
                    ? ["The floor is not known, so no price can be held against it."]
                    : [.. ConvergenceCaptions(rows, explain)]
            );
    }

    /// <summary>A projection that was printed, beside what follows from its own shares and rates.</summary>
    /// <param name="projection">The projection.</param>
    /// <param name="generationYears">Years of a generation.</param>
    public static ResultTable Published(PublishedProjection projection, ModelInput generationYears)
    {
        ArgumentNullException.ThrowIfNull(projection);
        ArgumentNullException.ThrowIfNull(generationYears);
        Evaluation values = projection.Recompute(generationYears);
        return new TableSchema<ProjectedComponent>()
            .Words("Component", "name", component => ResultCell.Of(component.Name))
            .Number($"In {projection.FromYear}", "%", "share", component => Points(component.Share))
            .Number("Falls a generation", null, "fall", component => Value(values, $"{component.Symbol}_fall"))
            .Number(
                $"In {projection.ToYear}, computed",
                "%",
                "computedShare",
                component => Points(values[PublishedProjection.ShareSymbol(component)])
            )
            .Number("printed", "%", "printedShare", component => Points(component.PrintedShare))
            .Number(
                "Difference",
                "points",
                "difference",
                component =>
                    ResultCell.Of(
                        component.PrintedShare - values[PublishedProjection.ShareSymbol(component)],
                        points => points.ToString("+0.0;−0.0;0.0", CultureInfo.InvariantCulture)
                    )
            )
            .Words("From", "provenance", component => Origin(values, PublishedProjection.ShareSymbol(component)))
            .Build(
                $"A published projection, recomputed: {projection.Title}",
                projection.Components,
                [
                    $"Its own shares and the middle of its own rates, with {values.Format("generation_years", 3)} to a generation: {values.Format("sum_then", 3)} of today's cost is left.",
                    "It names no model, precision, context, batch, utilisation or hardware.",
                ]
            );
    }

    private static IEnumerable<string> FloorCaptions(Outlook outlook, bool explain)
    {
        Evaluation batch = outlook.Batch.Evaluation;
        yield return "Nothing was executed: every byte moves once, at the datasheet's bandwidth, with 16-bit arithmetic, on hardware that is never idle. A bound of these conditions and of no price: another device, narrower formats, or FP8 or FP4 products where arithmetic is the bound, can cost less.";
        yield return "A step for one sequence is no floor: a batch shares the weights' energy, so the batch at which a token is cheapest is taken. A published floor of $0.015 to $0.025 is held against its own figures by claims --id time-bomb.floor-total.";
        foreach (string symbol in (string[])["hbm_energy", "link_energy", "tariff", "pue", "gpu_price"])
        {
            if (outlook.Batch.System.Defines(symbol) && batch.Figure(symbol).Value is not null)
            {
                yield return $"{symbol} = {batch.Format(symbol, 3)} — {CostProvenance.Describe(batch.Figure(symbol))}.";
            }
        }

        if (batch.Figure(FloorEquations.Total) is { Value: null } unknown)
        {
            yield return $"The floor with capital is not known: {unknown.Provenance.Detail}.";
        }

        if (explain)
        {
            foreach (string line in DerivationText.Of(batch, FloorEquations.Total))
            {
                yield return line;
            }
        }
    }

    private static IEnumerable<string> GenerationCaptions(
        IReadOnlyList<GenerationOutlook> rows,
        CostConditions conditions
    )
    {
        Evaluation first = rows[0].Values;
        yield return $"A step's intensity is {first.Format("intensity_one", 3)} for one sequence and {first.Format("intensity_batch", 3)} for {conditions.Batch}, whatever the device; its use of the arithmetic units is that over the ridge.";
        yield return "Power is the design power over the bandwidth, rent the price list's over the bandwidth; falls are against the row above. They are what assumed falls by generation are judged by.";
        foreach (GenerationOutlook row in rows.Where(row => row.Generation.Note is not null))
        {
            yield return $"{row.Generation.Name}: {row.Generation.Note}; {CostProvenance.Describe(row.Values.Figure("hbm_rate"))}.";
        }
    }

    private static IEnumerable<string> YearCaptions(ProjectedYear first)
    {
        yield return $"Utilisation, formats and batch as today; P10 and P90 of {first.Range.Sorted.Count:N0} draws from all assumptions' ranges, seed {first.Range.Seed}.";
        foreach (
            string symbol in (string[])["generation_years", "fall_memory", "fall_power", "fall_capital", "fall_gear"]
        )
        {
            yield return $"{symbol} = {first.Values.Format(symbol, 3)} — {CostProvenance.Describe(first.Values.Figure(symbol))}.";
        }
    }

    private static IEnumerable<string> YearDerivation(ProjectedYear last) =>
        DerivationText.Of(last.Values, ProjectionEquations.Total).Prepend($"The cost of {last.Year}:");

    private static IEnumerable<string> ConvergenceCaptions(IReadOnlyList<Convergence> rows, bool explain)
    {
        Evaluation values = rows[0].Values;
        yield return $"Prices are of services whose models are not the one above: a price is held against the floor of that one. Prices are taken to halve in {values.Format("price_halving", 3)}, which makes them fall {values.Format("price_fall", 3)} times a year — {CostProvenance.Describe(values.Figure("price_halving"))}.";
        yield return $"The floor falls, too, {values.Format(ConvergenceEquations.Fall(rows[0].Floor), 3)} times a year for {(rows[0].Floor == FloorEquations.Energy ? "energy" : "all")}; a price that falls no faster never meets it. {rows[0].Draws:N0} draws from all assumptions' ranges, seed {rows[0].Seed}.";
        yield return string.Join(
            "; ",
            rows.Select(row => row.Price)
                .Distinct()
                .Select(price =>
                    $"{price.Name}: {(price.Source == "user" ? "given by the user" : OutlookCatalogue.TitleOf(price.Source))}"
                )
        ) + ".";
        if (explain)
        {
            foreach (string line in DerivationText.Of(values, ConvergenceEquations.Year(rows[0].Floor)))
            {
                yield return line;
            }
        }
    }

    /// <summary>The conditions of a floor, which is at full use.</summary>
    private static string FullUse(CostConditions conditions) => (conditions with { Utilization = 1 }).Describe();

    private static ResultCell Value(Evaluation values, string symbol) =>
        ResultCell.Of(values.Figure(symbol).Value, Quantity.Digits);

    /// <summary>A symbol in per cent, as a fraction for machines.</summary>
    private static ResultCell Share(Evaluation values, string symbol) =>
        ResultCell.Of(values.Figure(symbol).Value / 100, Quantity.Percent);

    private static ResultCell Points(double percent) => ResultCell.Of(percent / 100, Quantity.Percent);

    private static ResultCell Year(double year) =>
        ResultCell.Of(year, value => value.ToString("0.#", CultureInfo.InvariantCulture));

    private static ResultCell Met(Convergence row, double? year) =>
        year is null ? ResultCell.Of("never", "")
        : year <= row.Price.Year ? ResultCell.Of("already", row.Price.Year.ToString("R", CultureInfo.InvariantCulture))
        : Year(year.Value);

    private static ResultCell Origin(Evaluation values, string symbol) =>
        ResultCell.Of(CostProvenance.NameOf(values.Figure(symbol).Provenance.Kind));
}
