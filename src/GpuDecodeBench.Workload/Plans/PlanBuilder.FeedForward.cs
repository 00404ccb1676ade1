using GpuDecodeBench.Workload.Formats;
using GpuDecodeBench.Workload.Models;

namespace GpuDecodeBench.Workload.Plans;

/// <summary>The feed-forward part of a layer: a gated network, or a mixture of them.</summary>
internal sealed partial class PlanBuilder
{
    private void AddFeedForwardPart(FeedForwardShape shape)
    {
        switch (shape)
        {
            case GatedFeedForward feedForward:
                AddGatedFeedForward(feedForward);
                break;
            case MixtureOfExperts experts:
                AddMixtureOfExperts(experts);
                break;
            default:
                throw new InputException(
                    $"{model.Name} has a feed-forward part that this version cannot plan: {shape.GetType().Name}."
                );
        }
    }

    private void AddGatedFeedForward(GatedFeedForward feedForward)
    {
        int layer = _layer!.Value;
        WeightTensor down = _tensors.Down(TensorRole.Down, feedForward.IntermediateSize, layer);
        AddLinear(
            "gate_up_proj",
            _tensors.GateUp(TensorRole.GateUp, feedForward.IntermediateSize, layer),
            feedForward.Bias ? TensorRole.GateUpBias : null,
            StepBuffer.Normed,
            StepBuffer.GateUp
        );
        AddActivation("activation", StepBuffer.GateUp, StepBuffer.Gated, down.Layout.Columns, 1);
        AddLinear("down_proj", down, feedForward.Bias ? TensorRole.DownBias : null, StepBuffer.Gated, StepBuffer.Delta);
    }

    /// <summary>
    /// Two B × slots × f in, one out. Exp, add, divide and multiply for SiLU count one each, and one for the product with the up
    /// half: 5 FLOPs an element, for every kind.
    /// </summary>
    private void AddActivation(string name, StepBuffer input, StepBuffer output, long intermediate, int slots)
    {
        long elements = _batch * slots * intermediate;
        Add(
            new PlanOperation
            {
                Name = name,
                Kind = OperationKind.GatedActivation,
                Input = input,
                Output = output,
                OutputWidth = checked((int)(slots * intermediate)),
                Slots = slots,
                ActivationReadBytes = 2 * elements * _activationBytes,
                ActivationWriteBytes = elements * _activationBytes,
                Flops = 5 * elements,
            }
        );
    }

    private void AddMixtureOfExperts(MixtureOfExperts experts)
    {
        int layer = _layer!.Value;
        AddLinear(
            "router",
            _tensors.Router(experts, layer),
            experts.Router.Bias ? TensorRole.RouterBias : null,
            StepBuffer.Normed,
            StepBuffer.RouterLogits
        );
        AddRoute(experts);
        int slots = experts.ExpertsPerToken;
        WeightTensor down = _tensors.ExpertDown(experts, layer);
        AddExpertLinear(
            "expert_gate_up",
            experts,
            _tensors.ExpertGateUp(experts, layer),
            TensorRole.ExpertGateUpBias,
            StepBuffer.Normed,
            StepBuffer.ExpertGateUp
        );
        AddActivation("expert_activation", StepBuffer.ExpertGateUp, StepBuffer.ExpertGated, down.Layout.Columns, slots);
        AddExpertLinear(
            "expert_down",
            experts,
            down,
            TensorRole.ExpertDownBias,
            StepBuffer.ExpertGated,
            StepBuffer.ExpertOutput
        );
        if (experts.SharedIntermediateSize > 0)
        {
            AddSharedExpert(experts);
        }

        AddExpertCombine(experts);
    }

    private void AddSharedExpert(MixtureOfExperts experts)
    {
        int layer = _layer!.Value;
        WeightTensor down = _tensors.Down(TensorRole.SharedDown, experts.SharedIntermediateSize, layer);
        AddLinear(
            "shared_gate_up",
            _tensors.GateUp(TensorRole.SharedGateUp, experts.SharedIntermediateSize, layer),
            null,
            StepBuffer.Normed,
            StepBuffer.SharedGateUp
        );
        AddActivation("shared_activation", StepBuffer.SharedGateUp, StepBuffer.SharedGated, down.Layout.Columns, 1);
        AddLinear("shared_down", down, null, StepBuffer.SharedGated, StepBuffer.SharedOutput);
    }

    /// <summary>B × E logits in, B × k numbers and weights out; 4 FLOPs a logit for its score, choosing is not counted.</summary>
    private void AddRoute(MixtureOfExperts experts)
    {
        WeightTensor? bias = experts.Router.ChoiceBias
            ? ModelTensors.Vector(TensorRole.RouterChoiceBias, _layer, experts.Experts)
            : null;
        long logits = _batch * experts.Experts;
        Add(
            new PlanOperation
            {
                Name = "route",
                Kind = OperationKind.Route,
                Input = StepBuffer.RouterLogits,
                Output = StepBuffer.Routing,
                OutputWidth = 2 * experts.ExpertsPerToken,
                Slots = experts.ExpertsPerToken,
                Weight = bias,
                WeightReadBytes = bias?.Bytes ?? 0,
                ActivationReadBytes = logits * _activationBytes,
                ActivationWriteBytes = _batch * experts.ExpertsPerToken * (IndexBytes + _activationBytes),
                Flops = 4 * logits,
            }
        );
    }

    /// <summary>
    /// The matrices of the distinct experts that the batch touches, once each; the input of B tokens and the routing in, B × k × N
    /// out; 2 B k N K FLOPs, and B k N with biases.
    /// </summary>
    private void AddExpertLinear(
        string name,
        MixtureOfExperts experts,
        WeightTensor weight,
        TensorRole biasRole,
        StepBuffer input,
        StepBuffer output
    )
    {
        int slots = experts.ExpertsPerToken;
        WeightLayout layout = weight.Layout;
        WeightTensor? bias = experts.Bias ? ModelTensors.Vector(biasRole, _layer, layout.Rows, experts.Experts) : null;
        double distinct = distinctExperts?[_layer!.Value] ?? experts.ExpectedDistinctExperts((int)_batch);
        long bytesPerExpert = layout.TotalBytes + (bias?.Layout.TotalBytes ?? 0);
        long inputs = input == StepBuffer.Normed ? _batch : _batch * slots;
        long outputs = _batch * slots * layout.Rows;
        Add(
            new PlanOperation
            {
                Name = name,
                Kind = OperationKind.ExpertLinear,
                Input = input,
                Output = output,
                OutputWidth = checked((int)(slots * layout.Rows)),
                Slots = slots,
                Weight = weight,
                SecondWeight = bias,
                DistinctMatrices = distinct,
                WeightReadBytes = (long)Math.Round(distinct * bytesPerExpert),
                ActivationReadBytes = (inputs * layout.Columns * _activationBytes) + (_batch * slots * IndexBytes),
                ActivationWriteBytes = outputs * _activationBytes,
                Flops = (2 * outputs * layout.Columns) + (bias is null ? 0 : outputs),
            }
        );
    }

    /// <summary>
    /// B × k outputs and weights in, and B shared outputs where there are; B × h out; 2 FLOPs for each expert's element and one for
    /// the shared one's.
    /// </summary>
    private void AddExpertCombine(MixtureOfExperts experts)
    {
        int slots = experts.ExpertsPerToken;
        long shared = experts.SharedIntermediateSize > 0 ? 1 : 0;
        long elements = _batch * model.HiddenSize;
        Add(
            new PlanOperation
            {
                Name = "expert_combine",
                Kind = OperationKind.ExpertCombine,
                Input = StepBuffer.ExpertOutput,
                Output = StepBuffer.Delta,
                OutputWidth = model.HiddenSize,
                Slots = slots,
                ActivationReadBytes = (((slots + shared) * elements) + (_batch * slots)) * _activationBytes,
                ActivationWriteBytes = elements * _activationBytes,
                Flops = ((2 * slots) + shared) * elements,
            }
        );
    }
}
