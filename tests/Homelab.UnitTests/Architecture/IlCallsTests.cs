namespace Homelab.UnitTests.Architecture;

/// <summary>The proof that nothing goes round the gate is only as good as the reader of compiled code behind it.</summary>
public sealed class IlCallsTests
{
    [Fact]
    public void Every_call_is_found_also_behind_a_jump_table()
    {
        var calls = IlCalls.Of(typeof(IlCallsTests).Assembly.Location).Where(c => c is { CallerType: "Homelab.UnitTests.Architecture.IlCallsTests", CallerMethod: nameof(Jump) }).Select(c => c.Method);
        Assert.Equal([nameof(One), nameof(Two), nameof(Three), nameof(Four), nameof(Five)], calls);
    }

    [Fact]
    public void Every_assembly_of_the_product_is_read_to_its_end()
    {
        foreach (var assembly in Directory.EnumerateFiles(AppContext.BaseDirectory, "Homelab.*.dll")) Assert.NotEmpty(IlCalls.Of(assembly).ToArray());
    }

    internal static int Jump(int number)
    {
        switch (number)
        {
            case 0: return One();
            case 1: return Two();
            case 2: return Three();
            case 3: return Four();
            default: return Five();
        }
    }

    private static int One() => 1;

    private static int Two() => 2;

    private static int Three() => 3;

    private static int Four() => 4;

    private static int Five() => 5;
}
