using GpuDecodeBench.Workload.Formats;
using GpuDecodeBench.Workload.Plans;

namespace GpuDecodeBench.Backends.Tests.Planted;

/// <summary>The checker finds every fault planted in what is stored in the cache, to the last bit.</summary>
public sealed class PlantedAppendFaultTests : PlantedFaultTestBase
{
    [Theory]
    [MemberData(nameof(KvFormats))]
    public void ACodeChangedByOneIsFoundWhereverItLies(KvFormat format)
    {
        DecodeStepPlan plan = Plan(format);
        foreach ((int sequence, int head, bool isValue, bool last) in Places())
        {
            string failure = AssertOnlyBlames(
                plan,
                Append(
                    plan,
                    layer: sequence == 0 ? 0 : 1,
                    (_, stored) =>
                    {
                        if (stored.Sequence == sequence && stored.Head == head && stored.IsValue == isValue)
                        {
                            // The lowest bit of the first or the last element's code.
                            stored.Codes[last ? stored.Codes.Length - (stored.Codes.Length / 32) : 0] ^= 1;
                        }

                        return stored;
                    }
                )
            );
            Assert.EndsWith(
                $"stored other codes for the {(isValue ? "value" : "key")} of sequence {sequence}, head {head}",
                failure,
                StringComparison.Ordinal
            );
        }
    }

    [Fact]
    public void AnInt8ScaleChangedByOneBitIsFound() =>
        AssertOnlyBlames(
            Plan(KvFormat.Int8),
            Append(
                Plan(KvFormat.Int8),
                1,
                (_, stored) =>
                    stored is { Sequence: 2, Head: 1, IsValue: true }
                        ? stored with
                        {
                            ScaleBits = (ushort)(stored.ScaleBits ^ 1),
                        }
                        : stored
            )
        );

    [Theory]
    [MemberData(nameof(KvFormats))]
    public void AHeadThatShowsNothingIsFound(KvFormat format)
    {
        DecodeStepPlan plan = Plan(format);
        foreach ((int sequence, int head, bool isValue, _) in Places())
        {
            Assert.EndsWith(
                "stored 11 heads, not 12",
                AssertOnlyBlames(
                    plan,
                    Append(
                        plan,
                        1,
                        (_, stored) =>
                            stored.Sequence == sequence && stored.Head == head && stored.IsValue == isValue
                                ? null
                                : stored
                    )
                ),
                StringComparison.Ordinal
            );
        }
    }

    [Theory]
    [MemberData(nameof(KvFormats))]
    public void HeadsSequencesOrSidesExchangedAreFound(KvFormat format)
    {
        DecodeStepPlan plan = Plan(format);
        AssertOnlyBlames(
            plan,
            Append(plan, 0, (context, stored) => context.ExpectedHead(stored.Sequence, 1 - stored.Head, stored.IsValue))
        );
        AssertOnlyBlames(
            plan,
            Append(plan, 1, (context, stored) => context.ExpectedHead(2 - stored.Sequence, stored.Head, stored.IsValue))
        );
        AssertOnlyBlames(
            plan,
            Append(plan, 1, (context, stored) => context.ExpectedHead(stored.Sequence, stored.Head, !stored.IsValue))
        );
    }

    private static DecodeStepPlan Plan(KvFormat format) =>
        TestModels.Plan(TestModels.Everything, kv: format, contexts: [50, 3, 97]);

    private static IEnumerable<(int Sequence, int Head, bool IsValue, bool Last)> Places() =>
        [(0, 0, false, false), (1, 1, true, false), (2, 1, true, true), (2, 0, false, true)];

    private static Fault Append(
        DecodeStepPlan plan,
        int layer,
        Func<FaultContext, AppendedHead, AppendedHead?> append
    ) =>
        new()
        {
            Operation = plan
                .Operations.Single(operation => operation.Kind == OperationKind.KvAppend && operation.Layer == layer)
                .Index,
            Append = append,
        };
}
