using GpuDecodeBench.Backends.Verification;
using GpuDecodeBench.Workload.Plans;

namespace GpuDecodeBench.Backends.Tests.Planted;

/// <summary>Faults in the operations that only some architectures have: experts, latent attention, caps, norms after a part.</summary>
public sealed class PlantedArchitectureFaultTests : PlantedFaultTestBase
{
    private const int Batch = 3;

    internal static IReadOnlyList<DecodeStepPlan> Plans { get; } =
    [.. TestArchitectures.All.Select(model => TestModels.Plan(model, contexts: [50, 3, 97]))];

    /// <summary>The operations of each architecture that show an output and that the dense model has not got.</summary>
    public static TheoryData<string, int> OwnOutputs
    {
        get
        {
            var data = new TheoryData<string, int>();
            foreach (DecodeStepPlan plan in Plans)
            {
                IEnumerable<PlanOperation> own = plan.Operations.Where(operation =>
                    operation.Kind != OperationKind.KvAppend
                    && !SmallPlan.Operations.Any(other => other.Name == operation.Name)
                );
                foreach (PlanOperation operation in own.Concat(Attentions(plan)))
                {
                    data.Add(plan.Model.Name, operation.Index);
                }
            }

            return data;
        }
    }

    /// <summary>The choices of experts.</summary>
    public static TheoryData<string, int> Routes
    {
        get
        {
            var data = new TheoryData<string, int>();
            foreach (DecodeStepPlan plan in Plans)
            {
                foreach (PlanOperation operation in plan.Operations.Where(o => o.Kind == OperationKind.Route))
                {
                    data.Add(plan.Model.Name, operation.Index);
                }
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(OwnOutputs))]
    public void AnElementOffByAThousandthIsFound(string model, int operation)
    {
        foreach (double place in (double[])[0, 0.5, 1])
        {
            AssertOnlyBlames(
                Plan(model),
                new Fault
                {
                    Operation = operation,
                    Output = (context, values) =>
                        Nudge(values, context.Length, 1, (int)(place * (context.Length - 1)), 1e-3),
                }
            );
        }
    }

    [Theory]
    [MemberData(nameof(OwnOutputs))]
    public void SequencesExchangedAreFound(string model, int operation) =>
        AssertOnlyBlames(
            Plan(model),
            new Fault
            {
                Operation = operation,
                Output = (context, values) =>
                {
                    float[] first = values[..context.Length];
                    values.AsSpan((Batch - 1) * context.Length).CopyTo(values);
                    first.CopyTo(values, (Batch - 1) * context.Length);
                    return values;
                },
            }
        );

    [Theory]
    [MemberData(nameof(OwnOutputs))]
    public void AnUnwrittenElementIsFoundAndNamed(string model, int operation)
    {
        StepCheckResult result = Check(
            Plan(model),
            CheckSelection.Everything,
            new Fault
            {
                Operation = operation,
                Output = (context, values) =>
                {
                    values[context.Length] = float.NaN; // sequence 1, element 0
                    return values;
                },
            }
        );
        string name = Plan(model).Operations[operation].Name;
        OperationCheck check = result.Operations.Single(check => check.Name == name);
        Assert.EndsWith(
            "left element 0 of sequence 1 unwritten or not finite",
            check.Failure,
            StringComparison.Ordinal
        );
    }

    [Theory]
    [MemberData(nameof(OwnOutputs))]
    public void AnOperationThatShowsNothingIsFound(string model, int operation) =>
        AssertOnlyBlames(Plan(model), new Fault { Operation = operation, Output = (_, _) => null });

    [Theory]
    [MemberData(nameof(Routes))]
    public void AnotherExpertThanTheBestIsFound(string model, int operation)
    {
        PlanOperation route = Plan(model).Operations[operation];
        AssertOnlyBlames(
            Plan(model),
            new Fault
            {
                Operation = operation,
                Output = (_, values) =>
                {
                    HashSet<float> chosen = [.. values[..route.Slots]];
                    values[0] = Enumerable.Range(0, values.Length).First(expert => !chosen.Contains(expert));
                    return values;
                },
            }
        );
    }

    [Theory]
    [MemberData(nameof(Routes))]
    public void WeightsOfTwoExpertsExchangedAreFound(string model, int operation)
    {
        int slots = Plan(model).Operations[operation].Slots;
        AssertOnlyBlames(
            Plan(model),
            new Fault
            {
                Operation = operation,
                Output = (_, values) =>
                {
                    (values[slots], values[slots + 1]) = (values[slots + 1], values[slots]);
                    return values;
                },
            }
        );
    }

    [Theory]
    [MemberData(nameof(Routes))]
    public void AnExpertThatDoesNotExistIsFoundAndDoesNotStopTheCheck(string model, int operation)
    {
        foreach (float expert in (float[])[-1, 1e9f, float.NaN])
        {
            StepCheckResult result = Check(
                Plan(model),
                CheckSelection.Everything,
                new Fault
                {
                    Operation = operation,
                    Spreads = false,
                    Output = (_, values) =>
                    {
                        values[0] = expert;
                        return values;
                    },
                }
            );
            Assert.Equal(["route"], result.Operations.Where(check => !check.Passed).Select(check => check.Name));
        }
    }

    /// <summary>An expert's matrix taken in place of another's.</summary>
    [Theory]
    [MemberData(nameof(Routes))]
    public void TheProductOfAnotherExpertIsFound(string model, int operation)
    {
        DecodeStepPlan plan = Plan(model);
        PlanOperation product = plan.Operations.First(o => o.Index > operation && o.Kind == OperationKind.ExpertLinear);
        AssertOnlyBlames(
            plan,
            new Fault
            {
                Operation = product.Index,
                Output = (context, values) =>
                {
                    Span<double> routing = context.State.Row(StepBuffer.Routing, 1);
                    (routing[0], routing[1]) = (routing[1], routing[0]);
                    float[] wrong = context.Expected();
                    (routing[0], routing[1]) = (routing[1], routing[0]);
                    wrong.AsSpan(context.Length, context.Length).CopyTo(values.AsSpan(context.Length));
                    return values;
                },
            }
        );
    }

    private static DecodeStepPlan Plan(string model) => Plans.Single(plan => plan.Model.Name == model);

    private static IEnumerable<PlanOperation> Attentions(DecodeStepPlan plan) =>
        plan.Operations.Where(operation => operation.Kind == OperationKind.Attention);
}
