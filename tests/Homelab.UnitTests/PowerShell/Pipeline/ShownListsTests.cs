using System.Collections;
using System.Reflection;
using Homelab.PowerShell.Pipeline;

namespace Homelab.UnitTests.PowerShell.Pipeline;

/// <summary>What a cmdlet writes has lists that PowerShell can index.</summary>
public sealed class ShownListsTests
{
    [Fact]
    public void A_list_that_shows_no_indexer_becomes_an_array_of_the_same_items()
    {
        var lab = new LabInfo { Name = "home", Source = "/lab", Caller = "interactive:anna", Level = Level.Manage, Hosts = [.. Texts("dev", "infra")], Services = [], State = "/state" };
        Assert.False(lab.Hosts.GetType().IsDefined(typeof(DefaultMemberAttribute), inherit: true), "The compiler's own list shows an indexer by now: this is not needed any more.");
        Assert.Same(lab, ShownLists.Of(lab));
        Assert.Equal(["dev", "infra"], Assert.IsType<string[]>(lab.Hosts));
        Assert.IsType<string[]>(lab.Services);
    }

    [Fact]
    public void Lists_of_what_is_in_a_list_become_so_too()
    {
        var outer = new Outer { Items = [.. Texts("a", "b").Select(static t => new Inner { Texts = [.. Texts(t, t)] })], One = new Inner { Texts = [.. Texts("c")] } };
        ShownLists.Of(outer);
        Assert.All(Assert.IsType<Inner[]>(outer.Items), static i => Assert.IsType<string[]>(i.Texts));
        Assert.Equal("c", Assert.Single(Assert.IsType<string[]>(outer.One.Texts)));
        Assert.Null(outer.None);
    }

    [Fact]
    public void A_list_that_can_be_indexed_and_what_is_not_ours_stay_as_they_are()
    {
        List<string> texts = ["a"];
        var inner = new Inner { Texts = texts };
        ShownLists.Of(inner);
        Assert.Same(texts, inner.Texts);
        Assert.Equal("text", ShownLists.Of("text"));
        Assert.IsType<ArrayList>(ShownLists.Of(new ArrayList()));
    }

    // Of a length that is not known, as in the product.
    private static IEnumerable<string> Texts(params string[] texts) => texts.Where(static t => t.Length > 0);

    private sealed record Outer
    {
        public required IReadOnlyList<Inner> Items { get; init; }

        public required Inner One { get; init; }

        public Inner? None { get; init; }

        public IReadOnlyList<string> Computed => [.. Texts("x")];
    }

    private sealed record Inner
    {
        public required IReadOnlyList<string> Texts { get; init; }
    }
}
