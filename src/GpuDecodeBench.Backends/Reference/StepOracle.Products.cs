using GpuDecodeBench.Workload.Formats;
using GpuDecodeBench.Workload.Models;
using GpuDecodeBench.Workload.Plans;
using GpuDecodeBench.Workload.Synthetic;

namespace GpuDecodeBench.Backends.Reference;

/// <summary>What matrix products must give.</summary>
public sealed partial class StepOracle
{
    private void ExpectLinear(
        PlanOperation operation,
        StepState state,
        ReadOnlySpan<int> sequences,
        ReadOnlySpan<int> rows,
        Span<double> expected
    )
    {
        var matrix = new SyntheticMatrix(_seed, operation.Weight!);
        double[]? bias = operation.SecondWeight is null ? null : VectorOf(operation.SecondWeight);
        var weights = new double[operation.Weight!.Layout.Columns];
        for (int j = 0; j < rows.Length; j++)
        {
            matrix.DecodeRow(rows[j], weights);
            for (int i = 0; i < sequences.Length; i++)
            {
                expected[(i * rows.Length) + j] =
                    ReferenceMath.Dot(weights, state.Row(operation.Input, sequences[i])) + (bias?[rows[j]] ?? 0);
            }
        }
    }

    /// <summary>A matrix for each head; what a head's matrix does not take is copied behind its product.</summary>
    private void ExpectHeadLinear(
        PlanOperation operation,
        ReadOnlySpan<double> input,
        ReadOnlySpan<int> elements,
        Span<double> expected
    )
    {
        WeightTensor tensor = operation.Weight!;
        int rows = (int)tensor.Layout.Rows;
        int columns = (int)tensor.Layout.Columns;
        int outputStride = operation.OutputWidth / tensor.Count;
        int inputStride = columns + outputStride - rows;
        var weights = new double[columns];
        for (int j = 0; j < elements.Length; j++)
        {
            int head = elements[j] / outputStride;
            int row = elements[j] % outputStride;
            ReadOnlySpan<double> values = input.Slice(head * inputStride, inputStride);
            if (row >= rows)
            {
                expected[j] = values[columns + row - rows];
                continue;
            }

            new SyntheticMatrix(_seed, tensor, head).DecodeRow(row, weights);
            expected[j] = ReferenceMath.Dot(weights, values[..columns]);
        }
    }

    /// <summary>The chosen experts' matrices, one vector a slot; all slots share the input or have one each.</summary>
    private void ExpectExpertLinear(
        PlanOperation operation,
        StepState state,
        ReadOnlySpan<int> sequences,
        ReadOnlySpan<int> elements,
        Span<double> expected
    )
    {
        WeightTensor tensor = operation.Weight!;
        int rows = (int)tensor.Layout.Rows;
        int columns = (int)tensor.Layout.Columns;
        var weights = new double[columns];
        foreach (int expert in DistinctExperts(state, sequences, operation.Slots))
        {
            var matrix = new SyntheticMatrix(_seed, tensor, expert);
            double[]? bias = operation.SecondWeight is { } biases ? VectorOf(biases, expert) : null;
            for (int j = 0; j < elements.Length; j++)
            {
                int slot = elements[j] / rows;
                int row = elements[j] % rows;
                bool decoded = false;
                for (int i = 0; i < sequences.Length; i++)
                {
                    if ((int)state.Row(StepBuffer.Routing, sequences[i])[slot] != expert)
                    {
                        continue;
                    }

                    if (!decoded)
                    {
                        matrix.DecodeRow(row, weights);
                        decoded = true;
                    }

                    Span<double> input = state.Row(operation.Input, sequences[i]);
                    int first = input.Length == columns ? 0 : slot * columns;
                    expected[(i * elements.Length) + j] =
                        ReferenceMath.Dot(weights, input.Slice(first, columns)) + (bias?[row] ?? 0);
                }
            }
        }
    }

    private static SortedSet<int> DistinctExperts(StepState state, ReadOnlySpan<int> sequences, int slots)
    {
        var experts = new SortedSet<int>();
        foreach (int sequence in sequences)
        {
            foreach (double expert in state.Row(StepBuffer.Routing, sequence)[..slots])
            {
                experts.Add((int)expert);
            }
        }

        return experts;
    }

    private void Route(PlanOperation operation, ReadOnlySpan<double> logits, Span<double> result)
    {
        var shape = (MixtureOfExperts)_plan.Model.Layers[operation.Layer!.Value].FeedForward;
        double[] bias = operation.Weight is { } tensor ? VectorOf(tensor) : [];
        (int[] experts, double[] weights) = ReferenceRouter.Choose(shape.Router, operation.Slots, logits, bias);
        for (int slot = 0; slot < operation.Slots; slot++)
        {
            result[slot] = experts[slot];
            result[operation.Slots + slot] = weights[slot];
        }
    }

    private void Combine(PlanOperation operation, StepState state, int sequence, Span<double> result)
    {
        var shape = (MixtureOfExperts)_plan.Model.Layers[operation.Layer!.Value].FeedForward;
        Span<double> outputs = state.Row(StepBuffer.ExpertOutput, sequence);
        Span<double> weights = state.Row(StepBuffer.Routing, sequence)[operation.Slots..];
        if (shape.SharedIntermediateSize > 0)
        {
            state.Row(StepBuffer.SharedOutput, sequence).CopyTo(result);
        }

        for (int slot = 0; slot < operation.Slots; slot++)
        {
            for (int i = 0; i < result.Length; i++)
            {
                result[i] += weights[slot] * outputs[(slot * result.Length) + i];
            }
        }
    }
}
