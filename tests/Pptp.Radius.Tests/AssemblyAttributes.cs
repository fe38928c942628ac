// Every test begins with a fresh fixture: none can see what another left.
[assembly: FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
