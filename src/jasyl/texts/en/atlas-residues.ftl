layer-biomass-energy = Energy potential of residues
    .about = Energy that crop residues, manure and municipal organics could give in a year, as much as can be recovered; by region and district.
    .load = Nothing needs to be loaded for the regions: run “jasyl atlas build”. For your own districts load harvest and livestock with “jasyl atlas biomass --statistics”. Places without statistics stay empty.
layer-biomass-crop-residues = Energy potential of crop residues
    .about = Energy of straw and other residues of the harvest that can be taken from the field after what must stay on the soil and what animals need.
    .load = Run “jasyl atlas build”, or load harvest by district with “jasyl atlas biomass --statistics”.
layer-biomass-manure = Biogas potential of manure
    .about = Energy in the biogas of manure that can be collected from livestock and poultry.
    .load = Run “jasyl atlas build”, or load livestock by district with “jasyl atlas biomass --statistics”.
layer-biomass-wood = Energy potential of wood residues
    .about = Energy of residues of felling and sawing wood, where a volume of wood is published.
    .load = Needs the volume of wood felled by region (Bureau of National Statistics, stat.gov.kz): load it with “jasyl atlas biomass --statistics”.
layer-biomass-organics = Biogas potential of municipal organics
    .about = Energy in the biogas of food and garden waste among municipal waste, if it were collected apart and digested.
    .load = Run “jasyl atlas build”.
layer-waste-generation = Municipal waste generated
    .about = Municipal waste of a year: published amounts of regions, and for the others the national amount allocated by population.
    .load = Run “jasyl atlas build”.
layer-waste-recyclables = Recyclables in municipal waste
    .about = Paper, plastics, glass, metal and textiles in the municipal waste of a year, by the published composition.
    .load = Run “jasyl atlas build”.
layer-waste-landfills = Landfills
    .about = Register of municipal landfills: waste in place where it is published.
    .load = Run “jasyl atlas build”.
layer-waste-landfill-gas = Landfill-gas potential
    .about = Energy of the methane that could be collected from a landfill this year, by the IPCC first-order decay model with stated assumptions.
    .load = Run “jasyl atlas build”.
layer-waste-collection = Distance of waste collection
    .about = Way from a settlement to the nearest landfill or sorting plant of the register: great circle times a stated detour factor.
    .load = Run “jasyl atlas build”.
layer-geothermal-heat = Heat capacity of geothermal wells
    .about = Heat that known wells and fields can give, from their temperature and flow down to a stated reference temperature.
    .load = Run “jasyl atlas build”.
layer-geothermal-electricity = Electric capacity of geothermal wells
    .about = Power a binary plant could make from known wells and fields, by a published efficiency model; nothing where the water is too cool.
    .load = Run “jasyl atlas build”.
layer-geothermal-temperature = Temperature of geothermal water
    .about = Temperature of the water of known wells, springs and fields, as published.
    .load = Run “jasyl atlas build”.
refusal-layer-shape = The layer “{ $received }” has values of { $expected ->
        [areas] areas
        [sites] sites
       *[other] cells of a grid
    }; it has no other form.
    .mend = Ask for it by area, by site or as a raster, as the list of layers says.
