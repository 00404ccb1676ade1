using GpuDecodeBench.Economics.Equations;
using GpuDecodeBench.Economics.Physics;
using GpuDecodeBench.Economics.Scenarios;
using GpuDecodeBench.Records;
using GpuDecodeBench.Workload;
using GpuDecodeBench.Workload.Plans;

namespace GpuDecodeBench.Economics.Levers;

/// <summary>The physics of a step that was measured or predicted.</summary>
public static class StepPhysics
{
    /// <summary>The evaluated <see cref="PhysicsEquations"/> of a step.</summary>
    /// <param name="source">The step.</param>
    /// <param name="scenario">The scenario whose energies, rates and shares hold; null for the assumed ones.</param>
    /// <exception cref="InputException">The step cannot be planned.</exception>
    public static Evaluation Of(IStepSource source, Scenario? scenario)
    {
        ArgumentNullException.ThrowIfNull(source);
        DeviceSpecification? known = source.SpecificationOf(source.Base);
        DeviceSpecification specification =
            known
            ?? new DeviceSpecification
            {
                Name = source.HardwareOf(source.Base).Device,
                MemoryBytes = source.MemoryBytesOf(source.Base),
                Source = "as the device tells",
            };
        IReadOnlyList<ModelInput> assumptions = scenario?.Inputs ?? AssumptionCatalogue.Inputs(specification.Name);
        IReadOnlyList<ModelInput> inputs = PhysicsInputs.Of(source.PlanOf(source.Base), specification, assumptions);
        if (known is null)
        {
            inputs = [.. inputs.Select(input => Unspecified(input, source as MeasuredSteps))];
        }
        else if (source is MeasuredSteps && source.MemoryBytesOf(source.Base) is long memory)
        {
            // What fits is held against what the device tells, as levers hold it.
            inputs = [.. inputs.Select(input => input.Symbol == "hbm_size" ? Told(input, known, memory) : input)];
        }

        return EquationSystem
            .Create([.. inputs, .. CriticalBatches.Inputs(At, inputs)], PhysicsEquations.All)
            .Evaluate();

        DecodeStepPlan At(int batch) => source.PlanOf(source.Base with { Batch = batch });
    }

    private static ModelInput Told(ModelInput input, DeviceSpecification device, long memoryBytes) =>
        new(
            input.Symbol,
            input.Name,
            input.Unit.Text,
            memoryBytes / 1e9,
            ProvenanceNote.Assumed($"{device.Name}: as the device tells")
        );

    /// <summary>Without a datasheet the run's own ceilings stand for the rates, and nothing is assumed of the memory's energy.</summary>
    private static ModelInput Unspecified(ModelInput input, MeasuredSteps? run) =>
        input.Symbol switch
        {
            "hbm_rate" when run?.ReadCeilingBytesPerSecond is double rate => new ModelInput(
                input.Symbol,
                "read ceiling of the run",
                "TB/s/GPU",
                rate / 1e12,
                ProvenanceNote.Measured()
            ),
            "flops_peak" when run?.FlopsCeilingPerSecond is double rate => new ModelInput(
                input.Symbol,
                "arithmetic ceiling of the run",
                "TFLOP/s/GPU",
                rate / 1e12,
                ProvenanceNote.Measured()
            ),
            "hbm_energy" => new ModelInput(
                input.Symbol,
                input.Name,
                input.Unit.Text,
                null,
                ProvenanceNote.Unavailable(
                    "noSpecification",
                    "the device is none of the catalogue, whose memory is HBM"
                )
            ),
            _ => input,
        };
}
