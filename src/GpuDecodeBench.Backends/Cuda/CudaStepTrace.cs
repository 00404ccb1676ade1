using GpuDecodeBench.Backends.Verification;
using GpuDecodeBench.Workload.Plans;

namespace GpuDecodeBench.Backends.Cuda;

/// <summary>Poisons what operations are to write, and shows what they wrote.</summary>
internal sealed class CudaStepTrace(CudaStepMemory memory)
{
    private delegate void HeadVisit(Span<byte> page, int slot, int sequence, int head, bool isValue, byte[] codes);

    /// <summary>Poisons what launches are to write.</summary>
    public void Poison(CudaStage stage)
    {
        foreach (PlanOperation operation in stage.Operations)
        {
            Poison(operation);
        }

        foreach (CudaWork work in stage.Works)
        {
            work.Tap?.Rows.Poison();
        }
    }

    /// <summary>Shows what launches wrote, operation by operation.</summary>
    public void Show(CudaStage stage, IStepTrace trace)
    {
        foreach (PlanOperation operation in stage.Operations)
        {
            CudaTap? tap = stage.Works.Select(work => work.Tap).FirstOrDefault(tap => tap?.Operation == operation);
            if (tap is null)
            {
                Show(operation, trace);
            }
            else
            {
                trace.OnOutput(operation, memory.Rows(operation.Output).Read(tap.Rows, tap.Columns));
            }
        }
    }

    /// <summary>Poisons all that a step writes.</summary>
    public void PoisonStep()
    {
        memory.Poison();
        foreach (PlanOperation operation in memory.Plan.Operations.Where(each => each.Kind == OperationKind.KvAppend))
        {
            Poison(operation);
        }
    }

    /// <summary>Shows what a step left.</summary>
    public void ShowResults(IStepTrace trace)
    {
        foreach (PlanOperation operation in StepResults.OperationsOf(memory.Plan))
        {
            Show(operation, trace);
        }
    }

    /// <summary>Overwrites an operation's output with what cannot be right, unless it works in place.</summary>
    private void Poison(PlanOperation operation)
    {
        if (operation.IsInPlace)
        {
            return;
        }

        switch (operation.Kind)
        {
            case OperationKind.Argmax:
                memory.PoisonNextTokens();
                return;
            case OperationKind.Route:
                memory.PoisonRouting();
                return;
            case OperationKind.KvAppend:
                CudaKvCache cache = memory.Cache(operation.Layer!.Value);
                VisitAppended(
                    cache,
                    writeBack: true,
                    (page, slot, _, head, isValue, codes) =>
                    {
                        codes.AsSpan().Fill(0xFF);
                        cache.Store(page, slot, head, isValue, codes, ushort.MaxValue);
                    }
                );
                return;
            default:
                memory.Rows(operation.Output).Poison();
                return;
        }
    }

    /// <summary>Shows an operation's output.</summary>
    private void Show(PlanOperation operation, IStepTrace trace)
    {
        switch (operation.Kind)
        {
            case OperationKind.Argmax:
                trace.OnOutput(operation, [.. memory.ReadNextTokens().Select(token => (float)token)]);
                return;
            case OperationKind.Route:
                trace.OnOutput(operation, memory.ReadRouting(operation.Slots));
                return;
            case OperationKind.KvAppend:
                CudaKvCache cache = memory.Cache(operation.Layer!.Value);
                VisitAppended(
                    cache,
                    writeBack: false,
                    (page, slot, sequence, head, isValue, codes) =>
                    {
                        ushort scale = cache.Load(page, slot, head, isValue, codes);
                        trace.OnKvAppended(operation, sequence, head, isValue, codes, scale);
                    }
                );
                return;
            default:
                trace.OnOutput(operation, memory.Rows(operation.Output).Read());
                return;
        }
    }

    private void VisitAppended(CudaKvCache cache, bool writeBack, HeadVisit visit)
    {
        var codes = new byte[cache.Layout.HeadDimension * cache.Layout.BytesPerElement];
        for (int sequence = 0; sequence < memory.Plan.Conditions.Batch; sequence++)
        {
            (int number, int slot) = memory.Slots.NewToken(sequence);
            byte[] page = cache.ReadPage(number);
            for (int head = 0; head < cache.Layout.KvHeads; head++)
            {
                visit(page, slot, sequence, head, false, codes);
                if (!cache.Layout.IsLatent)
                {
                    visit(page, slot, sequence, head, true, codes);
                }
            }

            if (writeBack)
            {
                cache.WritePage(number, page);
            }
        }
    }
}
