using System.Reflection;
using GpuDecodeBench.Backends.Cpu;
using Xunit.Abstractions;
using Xunit.Sdk;

[assembly: TestFramework("GpuDecodeBench.Backends.Tests.Simd.SkippingTestFramework", "GpuDecodeBench.Backends.Tests")]

namespace GpuDecodeBench.Backends.Tests.Simd;

/// <summary>
/// xunit's own framework, but that it skips the classes whose <see cref="NeedsSimdAttribute"/> names a path that this processor
/// lacks. xunit 2 cannot skip by class or at run time, and the tests of a shared suite do not know which class runs them.
/// </summary>
public sealed class SkippingTestFramework(IMessageSink messages) : XunitTestFramework(messages)
{
    protected override ITestFrameworkExecutor CreateExecutor(AssemblyName assemblyName) =>
        new SkippingExecutor(assemblyName, SourceInformationProvider, DiagnosticMessageSink);

    private sealed class SkippingExecutor(
        AssemblyName assemblyName,
        ISourceInformationProvider sources,
        IMessageSink messages
    ) : XunitTestFrameworkExecutor(assemblyName, sources, messages)
    {
        protected override void RunTestCases(
            IEnumerable<IXunitTestCase> testCases,
            IMessageSink executionMessageSink,
            ITestFrameworkExecutionOptions executionOptions
        ) => base.RunTestCases([.. testCases.Select(Skip)], executionMessageSink, executionOptions);

        private IXunitTestCase Skip(IXunitTestCase test)
        {
            IAttributeInfo? needed = test
                .TestMethod.TestClass.Class.GetCustomAttributes(typeof(NeedsSimdAttribute))
                .FirstOrDefault();
            return
                needed?.GetNamedArgument<SimdPath>(nameof(NeedsSimdAttribute.Path)) is SimdPath path
                && SimdPaths.WhyUnavailable(path) is string reason
                ? new SkippedTestCase(DiagnosticMessageSink, test, reason)
                : test;
        }
    }

    private sealed class SkippedTestCase : XunitTestCase
    {
        [Obsolete("For deserialisation alone, as every test case must have it.", error: true)]
        public SkippedTestCase() { }

        public SkippedTestCase(IMessageSink messages, IXunitTestCase test, string reason)
            : base(
                messages,
                TestMethodDisplay.ClassAndMethod,
                TestMethodDisplayOptions.None,
                test.TestMethod,
                test.TestMethodArguments
            )
        {
            SkipReason = reason;
        }
    }
}
