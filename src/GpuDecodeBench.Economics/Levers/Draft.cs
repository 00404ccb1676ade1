using GpuDecodeBench.Economics.Equations;
using GpuDecodeBench.Economics.Scenarios;
using GpuDecodeBench.Records;
using GpuDecodeBench.Workload;
using GpuDecodeBench.Workload.Models;
using GpuDecodeBench.Workload.Plans;

namespace GpuDecodeBench.Economics.Levers;

/// <summary>Drafted tokens: how many, by what, and what that takes of time and memory.</summary>
internal sealed class Draft
{
    private const int LongestDraft = 32;

    private readonly IStepSource _source;
    private readonly ModelShape? _model;
    private readonly ModelInput _memoryShare;

    /// <summary>What a scenario assumes of drafting.</summary>
    /// <exception cref="InputException">The draft's length is not a whole number, or too long.</exception>
    public Draft(IStepSource source, Scenario scenario, ModelShape? model)
    {
        _source = source;
        _model = model;
        _memoryShare = scenario.Inputs.Single(input => input.Symbol == "draft_memory");
        double length = scenario.Inputs.Single(input => input.Symbol == "spec_length").BaseValue;
        if (length != Math.Floor(length) || length is < 1 or > LongestDraft)
        {
            throw new InputException(
                $"spec_length (tokens drafted in a round) is {length}; a whole number from 1 to {LongestDraft} is accepted."
            );
        }

        Length = (int)length;
        Acceptance = scenario.Inputs.Single(input => input.Symbol == "spec_accept").BaseValue;
    }

    /// <summary>Tokens drafted in a round.</summary>
    public int Length { get; }

    /// <summary>The share of drafted tokens that is accepted.</summary>
    public double Acceptance { get; }

    /// <summary>Tokens that a step checks for each sequence: the draft, and the one behind it.</summary>
    public int TokensChecked => Length + 1;

    /// <summary>Who drafts, in words.</summary>
    public string Words =>
        $"{Length} tokens drafted by {_model?.Name ?? "a model of assumed size"}, {Acceptance * 100:0.#} % accepted";

    /// <summary>Bytes that it adds to what a device holds: the draft model with its cache, and activations of the tokens checked.</summary>
    /// <exception cref="InputException">The draft model cannot run the step.</exception>
    public long MemoryBytes(StepTarget target)
    {
        MemoryFootprint own = _source.PlanOf(target).Memory;
        long activations = own.ActivationBytes * Length;
        if (TargetOf(target) is StepTarget planned)
        {
            return activations + _source.PlanOf(planned).Memory.TotalBytes;
        }

        var weights = new ModelInput(
            "w_held",
            "weights held",
            "GB/GPU",
            own.WeightBytes / 1e9,
            ProvenanceNote.Derived("from the plan")
        );
        return activations
            + (long)
                EquationSystem
                    .Create([weights, _memoryShare], [LeverEquations.DraftMemory])
                    .Evaluate()
                    .InBaseUnits("draft_held");
    }

    /// <summary>The times that <see cref="LeverEquations.Speculation"/> takes as inputs.</summary>
    /// <exception cref="InputException">A time is not known, or a model cannot run the step.</exception>
    public IReadOnlyList<ModelInput> Inputs(StepTarget target, ModelInput latency)
    {
        StepTime check = _source.TimeOf(target, TokensChecked, latency);
        return
        [
            new ModelInput(
                "sequences",
                "sequences decoded together",
                "1",
                target.Batch,
                ProvenanceNote.Derived("from the plan")
            ),
            Time("t_verify", $"a step that checks {TokensChecked} tokens of each sequence", check),
            TargetOf(target) is StepTarget planned
                ? Time("t_draft", $"a step of {planned.Model.Name}", _source.TimeOf(planned, 1, latency))
                : Time("t_plain", "a step without drafts", _source.TimeOf(target, 1, latency)),
        ];
    }

    /// <summary>The draft model's step, on as many devices as the model's where its shape allows that, else whole on each; null without one.</summary>
    private StepTarget? TargetOf(StepTarget target)
    {
        if (_model is null)
        {
            return null;
        }

        StepTarget split = target with { Model = _model };
        if (target.TensorParallel == 1)
        {
            return split;
        }

        try
        {
            _source.PlanOf(split);
            return split;
        }
        catch (InputException)
        {
            return split with { TensorParallel = 1 };
        }
    }

    private static ModelInput Time(string symbol, string name, StepTime time) =>
        time.Seconds is double seconds
            ? new ModelInput(symbol, name, "ms", seconds * 1e3, time.Provenance)
            : throw new InputException(time.Provenance.Detail ?? "the time of a step is not known");
}
