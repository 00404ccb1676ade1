using GpuDecodeBench.Economics.Equations;
using GpuDecodeBench.Economics.Physics;
using GpuDecodeBench.Records;
using GpuDecodeBench.Workload.Plans;

namespace GpuDecodeBench.Economics.Futures;

/// <summary>A generation of devices with what it brings to decoding a model.</summary>
/// <param name="Generation">The generation.</param>
/// <param name="Values">The evaluated <see cref="GenerationEquations"/>.</param>
public sealed record GenerationOutlook(Generation Generation, Evaluation Values)
{
    /// <summary>All generations, for a step of one sequence and of many.</summary>
    /// <param name="one">A step of one sequence.</param>
    /// <param name="batch">A step of many.</param>
    public static IReadOnlyList<GenerationOutlook> Of(DecodeStepPlan one, DecodeStepPlan batch)
    {
        ArgumentNullException.ThrowIfNull(one);
        ArgumentNullException.ThrowIfNull(batch);
        ModelInput intensityOne = Intensity("intensity_one", "intensity of a step for one sequence", one);
        ModelInput intensityBatch = Intensity("intensity_batch", "intensity of a step for the batch", batch);
        List<GenerationOutlook> rows = [];
        foreach (Generation generation in OutlookCatalogue.Generations)
        {
            Evaluation? before = rows.Count == 0 ? null : rows[^1].Values;
            Evaluation values = EquationSystem
                .Create(
                    [
                        .. Figures(generation),
                        intensityOne,
                        intensityBatch,
                        Before("usd_byte", "$/PB", before),
                        Before("energy_byte", "J/TB", before),
                    ],
                    GenerationEquations.All
                )
                .Evaluate();
            rows.Add(new GenerationOutlook(generation, values));
        }

        return rows;
    }

    private static ModelInput Before(string symbol, string unit, Evaluation? before)
    {
        Figure figure =
            before?.Figure(symbol) ?? Figure.Unavailable("noSpecification", "no generation before this one is listed");
        return new ModelInput($"{symbol}_before", "of the generation before", unit, figure.Value, figure.Provenance);
    }

    private static ModelInput Intensity(string symbol, string name, DecodeStepPlan plan)
    {
        string[] wanted = ["bytes_step", "flop_step", "intensity"];
        double value = EquationSystem
            .Create(
                PhysicsInputs
                    .Of(plan, new DeviceSpecification { Name = "any", Source = "none" }, [])
                    .Where(input => input.Symbol is "w_step" or "kv_step" or "flop_linear" or "flop_attention"),
                PhysicsEquations.All.Where(equation => wanted.Contains(equation.Symbol))
            )
            .Evaluate()["intensity"];
        return new ModelInput(symbol, name, "FLOP/B", value, ProvenanceNote.Derived("from the plan"));
    }

    private static IEnumerable<ModelInput> Figures(Generation generation)
    {
        HardwareEntry? entry = generation.Figures is null ? HardwareCatalogue.Find(generation.Device) : null;
        DeviceSpecification? known = entry?.ToSpecification();
        Figure rent = entry is null
            ? Figure.Unavailable(PriceCatalogue.NoPrice, $"no price of {generation.Device} is known")
            : PriceCatalogue.Find(entry);
        return
        [
            Known("hbm_rate", "memory bandwidth", "TB/s/GPU", known?.MemoryBytesPerSecond / 1e12),
            Known("bf16_peak", "dense BF16 rate", "TFLOP/s/GPU", known?.Bf16FlopsPerSecond / 1e12),
            Known("fp8_peak", "dense FP8 rate", "TFLOP/s/GPU", known?.Fp8FlopsPerSecond / 1e12),
            Known("fp4_peak", "dense FP4 rate", "TFLOP/s/GPU", known?.Fp4FlopsPerSecond / 1e12),
            Known("tdp", "design power", "W/GPU", known?.TdpWatts),
            new ModelInput("rent", "rent of a device", "$/GPU/h", rent.Value, rent.Provenance),
        ];

        ModelInput Known(string symbol, string name, string unit, double? catalogued)
        {
            GenerationFigure? own = generation.Figures?.FirstOrDefault(figure => figure.Symbol == symbol);
            double? value = own?.Value ?? catalogued;
            string source = own is null ? $"{known?.Name}: {known?.Source}" : OutlookCatalogue.TitleOf(own.Source);
            return new ModelInput(
                symbol,
                name,
                unit,
                value,
                value is null
                    ? ProvenanceNote.Unavailable("noSpecification", $"no {name} of {generation.Device} is known")
                    : ProvenanceNote.Assumed(source)
            );
        }
    }
}
